#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "webhooks/gateways/standard_webhooks.hpp"
#include "webhooks/net/alarm.hpp"
#include "webhooks/net/curl_client.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks::oncall {

namespace asio = boost::asio;

/// Sends the webhooks owed to other systems, those of the configuration and those that administrators manage
/// (managed_webhooks.hpp), each kind in places of its own: no slow system of theirs holds up an alarm. Signed
/// after the Standard Webhooks specification or in the words of the system that is told (hook_formats.hpp).
/// What is not taken with a 2xx is tried again with back-off for about three days (hook_policy.hpp); a 410
/// ends it. The webhook-id stays the same over retries. Net thread only; run the executor until `sending()`
/// is 0 after `stop()`, or end it before this object.
class HookSender {
public:
    HookSender(asio::any_io_executor executor, store::Store& store, net::CurlClient& curl,
               const Roster& roster, telemetry::Metrics& metrics);

    /// Takes up again what a crash left half sent, then runs until `stop`.
    void start();
    /// There may be something to send: called after every commit that queued a webhook.
    void wake() { alarm_.ring(); }
    /// Claims nothing more; what is under way is still recorded.
    void stop();
    [[nodiscard]] std::size_t sending() const noexcept { return sending_; }

private:
    /// What is needed to reach one configured endpoint.
    struct Target {
        Endpoint endpoint;
        std::optional<gateways::StandardWebhooks> signatures;
    };
    enum class Fate { sent, again, failed };
    struct Verdict {
        Fate fate = Fate::failed;
        std::string_view counted_as;
        std::string outcome;                       ///< for the log of deliveries: "204", "no_answer"
        std::optional<std::chrono::seconds> wait;  ///< as the endpoint asked
    };
    struct Owed {
        store::ClaimedHook hook;
        std::optional<store::WebhookRow> webhook;  ///< the managed one
    };

    asio::awaitable<void> run();
    asio::awaitable<void> claim_and_send();
    asio::awaitable<void> send(Owed owed);
    [[nodiscard]] std::optional<net::OutgoingRequest> request_of(const Owed& owed) const;
    void begin(Owed owed);
    void end(const Owed& owed);
    [[nodiscard]] net::OutgoingRequest request_for(const Target& target,
                                                   const store::ClaimedHook& hook) const;
    [[nodiscard]] static Verdict judge(const boost::system::error_code& failed,
                                       const net::IncomingReply& reply);
    [[nodiscard]] store::Store::Job outcome_job(const store::ClaimedHook& hook, Verdict verdict);

    asio::any_io_executor executor_;
    store::Store& store_;
    net::CurlClient& curl_;
    const Roster& roster_;
    std::map<std::string, Target, std::less<>> targets_;
    telemetry::Metrics& metrics_;
    net::Alarm alarm_;
    std::size_t sending_ = 0;
    std::map<std::int64_t, std::size_t> to_managed_;  ///< of these, to each managed webhook
    bool stopping_ = false;
    std::mt19937 random_{std::random_device{}()};
};

}  // namespace webhooks::oncall
