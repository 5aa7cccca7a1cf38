#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <random>
#include <string_view>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/net/alarm.hpp"
#include "webhooks/net/curl_client.hpp"
#include "webhooks/outbox/breaker.hpp"
#include "webhooks/outbox/consent_gate.hpp"
#include "webhooks/outbox/limits.hpp"
#include "webhooks/outbox/rate.hpp"
#include "webhooks/outbox/routes.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks::outbox {

namespace asio = boost::asio;

/// Hands the outbox over to the gateways: claims due rows in sending order, as many of each of our numbers as
/// it may send now (rate.hpp), never two of one contact at once, and records what came of each. A number that
/// is slow, full or told to wait holds up no other, and an account that takes nothing is left alone but for a
/// probe (breaker.hpp) while what cannot wait goes by another (routes.hpp). Net thread only; everything it
/// knows is a row, so a crash at any instant leaves the rest to the next start.
class Dispatcher {
public:
    struct Parts {
        store::Store& store;
        net::CurlClient& curl;
        std::shared_ptr<ConsentGate> gate;
        telemetry::Metrics& metrics;
        /// The gateway of an account; null when the configuration no longer has it.
        std::function<const gateways::Gateway*(std::string_view account)> gateway;
        /// The carrier says this contact blocked us: recorded as an opt-out in the same transaction.
        std::function<void(store::StoreTx&, store::ContactId, std::string_view code, bot::TimePoint)>
            opted_out;
        /// This page will not reach anybody by this way: it takes another, or its ladder need not wait, in
        /// the same transaction.
        std::function<void(store::StoreTx&, store::EscalationId, std::string_view page_key, bot::TimePoint)>
            page_failed;
        /// This text, meant to keep somebody safe, will not reach them: staff must know, in the same
        /// transaction.
        std::function<void(store::StoreTx&, const store::Claimed&, store::OutboxState, bot::TimePoint)>
            safety_text_lost;
        /// An answer to this contact was dropped, for it could not leave in time: they are told so, in the
        /// same transaction.
        std::function<void(store::StoreTx&, const store::Claimed&, bot::TimePoint)> answer_too_late;
        /// The bot answers this contact no more for now, for two machines seem to talk (I12): a person must
        /// see whether it is one. Once a day, in the same transaction.
        std::function<void(store::StoreTx&, store::ContactId, bot::TimePoint)> fell_silent;
        std::function<void()> recorded;  ///< what came of a message has been committed
        Routes routes = Routes{};        ///< none: nothing ever goes by another number
        Limits limits = Limits{};        ///< what may be sent at all
        /// Whether a page has another way, so that it need not be tried again by this one; may be empty.
        std::function<bool(std::string_view page_key)> has_other_way{};
    };

    Dispatcher(asio::any_io_executor executor, Parts parts);

    /// First settles what a crash left half sent (policy.hpp), then runs until `drain`.
    void start();
    /// There may be something to send: called after every commit that queued a text.
    void wake() { alarm_.ring(); }
    /// Send what is due for at most `grace`, then stop claiming and wait for what is under way. The rest
    /// stays queued.
    asio::awaitable<void> drain(std::chrono::milliseconds grace);
    [[nodiscard]] std::size_t sending() const noexcept { return sending_; }
    /// A delivery report has come by this account: whether its text reached somebody.
    void reported(std::string_view account, bool delivered);

private:
    asio::awaitable<void> run();
    [[nodiscard]] std::chrono::milliseconds until_next_look() const;
    asio::awaitable<void> settle_wired();
    asio::awaitable<void> settle_after_crash(store::Claimed message);
    asio::awaitable<std::size_t> claim_and_send();
    [[nodiscard]] store::AllowanceOf allowances();
    void change_breaker(std::string_view account, bool open);
    void note_reply(const std::string& account, const gateways::SendOutcome& outcome, long status);
    /// The other number by which this text may go now.
    [[nodiscard]] std::optional<Route> other_route(const store::Claimed& message) const;
    /// At once by another number if it may, else later by its own.
    store::Store::Job again_job(const store::Claimed& message, std::string code,
                                std::optional<std::chrono::seconds> after);
    store::Store::Job rejected_job(const store::Claimed& message, std::string code);
    void note_loop(store::StoreTx& tx, const store::Claimed& message, bot::TimePoint now) const;
    void publish_state(store::StoreTx& tx, const store::Claimed& message, store::OutboxState state,
                       bot::TimePoint now) const;
    void count_closed(const store::Claimed& message, std::string_view outcome);
    asio::awaitable<void> send(store::Claimed message);
    asio::awaitable<void> settle(store::Store::Job job);
    [[nodiscard]] static gateways::OutboundMessage outbound(const store::Claimed& message);
    [[nodiscard]] net::OutgoingRequest request_for(const store::Claimed& message,
                                                   const gateways::Gateway& gateway) const;
    store::Store::Job outcome_job(const store::Claimed& message, const gateways::Gateway& gateway,
                                  const boost::system::error_code& failed, const net::IncomingReply& reply);
    /// Its code when the text may have been taken though nobody says so.
    [[nodiscard]] std::optional<std::string> uncertain(const gateways::Gateway& gateway,
                                                       const boost::system::error_code& failed,
                                                       const net::IncomingReply& reply) const;
    /// Asks the gateway what became of it where it can be asked (I11), and lets the policy decide where not.
    asio::awaitable<void> settle_uncertain(store::Claimed message, std::string code);
    store::Store::Job found_job(const store::Claimed& message, std::vector<std::string> ids,
                                std::shared_ptr<bool> found);
    store::Store::Job uncertain_job(const store::Claimed& message, std::string code);
    store::Store::Job retry_job(const store::Claimed& message, std::string code,
                                std::optional<std::chrono::seconds> after);
    store::Store::Job final_job(const store::Claimed& message, store::OutboxState state, std::string code,
                                bool opted_out = false);

    asio::any_io_executor executor_;
    Parts parts_;
    Rates rates_;
    Breakers breakers_;
    net::Alarm alarm_;
    std::size_t sending_ = 0;
    bool stopping_ = false;
    bool running_ = false;
    std::mt19937 random_{std::random_device{}()};
};

}  // namespace webhooks::outbox
