#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "webhooks/gateways/settings.hpp"
#include "webhooks/net/alarm.hpp"
#include "webhooks/net/curl_client.hpp"
#include "webhooks/oncall/mailer.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks::oncall {

namespace asio = boost::asio;

/// Carries out the pages that are no texts: calls and e-mails are made here, later texts and webhooks become
/// rows when their time has come. A way that fails is tried again a few times, then the ladder is told. A
/// call that is not taken by a human in time counts as not reached. Net thread only; run the executor until
/// `sending()` is 0 after `stop()`.
class Pager {
public:
    struct Parts {
        store::Store& store;
        net::CurlClient& curl;
        const Roster& roster;
        telemetry::Metrics& metrics;
        std::optional<gateways::AccountSettings> voice;  ///< account that calls are made by
        std::function<void()> committed;                 ///< rows were written that others carry out
    };
    Pager(asio::any_io_executor executor, Parts parts);

    /// Takes up again what a crash left half done, then runs until `stop`.
    void start();
    void wake() { alarm_.ring(); }
    void stop();
    [[nodiscard]] std::size_t sending() const noexcept { return sending_; }

private:
    asio::awaitable<void> run();
    asio::awaitable<std::size_t> claim();
    asio::awaitable<void> carry_out(store::PageRow page);
    asio::awaitable<std::string> call(const store::PageRow& page, const bot::Responder& who);
    asio::awaitable<std::string> mail(const store::PageRow& page, const bot::Responder& who);
    [[nodiscard]] store::Store::Job outcome_job(const store::PageRow& page, std::string trouble);

    asio::any_io_executor executor_;
    Parts parts_;
    Mailer mailer_;
    net::Alarm alarm_;
    std::size_t sending_ = 0;
    bool stopping_ = false;
};

/// A human has not taken this call, or the page could not be made: the ladder is told.
void page_not_reached(store::StoreTx& tx, const Roster& roster, const store::PageRow& page,
                      store::PageState state, std::string_view why, bot::TimePoint now);

}  // namespace webhooks::oncall
