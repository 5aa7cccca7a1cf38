#include "webhooks/oncall/auditor.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "bot/json_text.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/oncall/ladder.hpp"
#include "webhooks/oncall/staff_news.hpp"
#include "webhooks/outbox/record.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::oncall {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using net::as_result;
using store::Store;
using store::StoreTx;
using telemetry::Level;
using telemetry::Safe;

constexpr int kLooksEvery = 5;  // seconds
constexpr int kBeatsEvery = 30;
constexpr std::chrono::milliseconds kDeadline = 10s;

bool anybody_on_call(StoreTx& tx, const Roster& roster, bot::TimePoint now) {
    const bot::Reach reach = reach_now(tx, roster, now);
    const auto& rungs = roster.policy(bot::Priority::p0).rungs;
    return std::any_of(rungs.begin(), rungs.end(), [&](const bot::Rung& rung) {
        return std::any_of(rung.page.begin(), rung.page.end(),
                           [&](const std::string& name) { return !reach(name, now).empty(); });
    });
}

}  // namespace

std::string paging_trouble(StoreTx& tx, const Roster& roster, bot::TimePoint now) {
    const store::PagingAudit audit = tx.audit_paging(now);
    if (audit.without_step > 0) return std::to_string(audit.without_step) + " open case(s) have no next step";
    if (audit.overdue > 0)
        return "the ladders of " + std::to_string(audit.overdue) + " open case(s) are late";
    if (audit.stuck > 0) return std::to_string(audit.stuck) + " page(s) have not gone out for 5 min";
    if (!roster.people.empty() && !anybody_on_call(tx, roster, now)) return "nobody is on call";
    return {};
}

void Auditor::start() { net::spawn(executor_, run()); }

void Auditor::stop() {
    stopping_ = true;
    alarm_.ring();
}

asio::awaitable<void> Auditor::run() {
    int since_beat = kBeatsEvery;
    while (!stopping_) {
        std::string trouble = co_await look();
        parts_.metrics.set_paging_sound(trouble.empty());
        since_beat += kLooksEvery;
        // Seen twice: after a start or a jump of the clock the ladders need a moment.
        if (!trouble.empty() && !trouble_.empty() && !std::exchange(told_, true)) co_await tell(trouble);
        if (trouble.empty()) told_ = false;
        trouble_ = std::move(trouble);
        if (trouble_.empty() && since_beat >= kBeatsEvery) {
            since_beat = 0;
            co_await beat();
        }
        for (int second = 0; second < kLooksEvery && !stopping_; ++second) co_await alarm_.wait(1s);
    }
}

asio::awaitable<std::string> Auditor::look() {
    auto trouble = std::make_shared<std::string>();
    Store::Job job = [trouble, &roster = parts_.roster](StoreTx& tx) -> error_code {
        *trouble = paging_trouble(tx, roster, net::now());
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (failed) co_return "the store does not answer";
    co_return trouble->empty() ? parts_.more_trouble() : *trouble;
}

asio::awaitable<void> Auditor::tell(std::string what) {
    telemetry::log(Level::error, "paging_trouble", {{"what", Safe(what)}});
    Store::Job job = [what, &roster = parts_.roster](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        const std::string key = "trouble-" + std::to_string(bot::to_millis(now));
        const nlohmann::json facts{{"what", what}};
        tx.publish("oncall.trouble", bot::json_text(facts), now);
        call_hooks(tx, roster, "oncall.trouble", facts, key, now);
        for (const bot::Responder& who : roster.people) {
            text_responder(tx, roster, who, "Trouble with paging: " + what + ". Please look at the line now.",
                           std::nullopt, key + "/" + who.name, now);
        }
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (!failed) parts_.committed();
}

asio::awaitable<void> Auditor::beat() {
    if (parts_.roster.heartbeat_url.empty()) co_return;
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = parts_.roster.heartbeat_url;
    request.deadline = kDeadline;
    auto [failed, reply] = co_await parts_.curl.async_exchange(std::move(request), as_result);
    if (failed || reply.status >= 400) telemetry::log(Level::warning, "heartbeat_not_taken");
}

}  // namespace webhooks::oncall
