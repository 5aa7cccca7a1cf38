#include "webhooks/oncall/hook_sender.hpp"

#include <numeric>

#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/retry_after.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/oncall/hook_formats.hpp"
#include "webhooks/oncall/hook_policy.hpp"
#include "webhooks/oncall/managed_webhooks.hpp"
#include "webhooks/outbox/record.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::oncall {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using net::as_result;
using store::ClaimedHook;
using store::Store;
using store::StoreTx;
using telemetry::Level;
using telemetry::Safe;

constexpr std::size_t kAtOnce = 128;
constexpr std::chrono::milliseconds kDeadline = 15s;
constexpr long kGone = 410;

constexpr std::size_t kManagedAtOnce = 64;
constexpr std::size_t kEachAtOnce = 8;
using UnderWay = std::map<std::int64_t, std::size_t>;

std::size_t in_all(const UnderWay& under_way) {
    return std::accumulate(under_way.begin(), under_way.end(), std::size_t{0},
                           [](std::size_t sum, const auto& one) { return sum + one.second; });
}

/// How many more deliveries a managed webhook may get at once; of one that fails, a single one is tried.
std::size_t room_for(const store::WebhookRow& webhook, const UnderWay& under_way) {
    if (webhook.state != store::WebhookState::on) return 0;
    const auto count = under_way.find(webhook.id);
    const std::size_t most = webhook.failing_since ? 1 : kEachAtOnce;
    return most - std::min(most, count == under_way.end() ? 0 : count->second);
}

std::optional<gateways::StandardWebhooks> signatures_of(const Endpoint& endpoint) {
    if (endpoint.secret.empty()) return std::nullopt;
    return gateways::StandardWebhooks(endpoint.secret);
}

}  // namespace

HookSender::HookSender(asio::any_io_executor executor, Store& store, net::CurlClient& curl,
                       const Roster& roster, telemetry::Metrics& metrics)
    : executor_(executor), store_(store), curl_(curl), roster_(roster), metrics_(metrics), alarm_(executor) {
    for (const Endpoint& endpoint : roster.endpoints)
        targets_.emplace(endpoint.name, Target{endpoint, signatures_of(endpoint)});
}

void HookSender::start() { net::spawn(executor_, run()); }

void HookSender::stop() {
    stopping_ = true;
    alarm_.ring();
}

asio::awaitable<void> HookSender::run() {
    Store::Job release = [](StoreTx& tx) -> error_code {
        tx.release_claimed_hooks();
        return {};
    };
    co_await outbox::record(store_, std::move(release));
    while (!stopping_) {
        co_await claim_and_send();
        co_await alarm_.wait(1s);
    }
}

asio::awaitable<void> HookSender::claim_and_send() {
    const std::size_t managed = in_all(to_managed_);
    const std::size_t free = kAtOnce - std::min(kAtOnce, sending_ - managed);
    auto claimed = std::make_shared<std::vector<Owed>>();
    Store::Job job = [claimed, free, managed, under_way = to_managed_](StoreTx& tx) -> error_code {
        claimed->clear();
        const bot::TimePoint now = net::now();
        for (ClaimedHook& hook : tx.claim_hooks(now, free)) claimed->push_back({std::move(hook), {}});
        const std::size_t most = claimed->size() + kManagedAtOnce - std::min(kManagedAtOnce, managed);
        for (const store::WebhookRow& webhook : tx.staff().webhooks()) {
            const std::size_t room = std::min(room_for(webhook, under_way), most - claimed->size());
            if (room == 0) continue;
            for (ClaimedHook& hook : tx.claim_deliveries(webhook.id, now, room))
                claimed->push_back({std::move(hook), webhook});
        }
        return {};
    };
    auto [failed] = co_await store_.async_transact(std::move(job), as_result);
    if (failed) co_return;
    for (Owed& owed : *claimed) begin(std::move(owed));
}

void HookSender::begin(Owed owed) {
    ++sending_;
    if (owed.webhook) ++to_managed_[owed.webhook->id];
    net::spawn(executor_, send(std::move(owed)));
}

void HookSender::end(const Owed& owed) {
    --sending_;
    if (!owed.webhook) return;
    const auto count = to_managed_.find(owed.webhook->id);
    if (--count->second == 0) to_managed_.erase(count);
}

asio::awaitable<void> HookSender::send(Owed owed) {
    Verdict verdict{Fate::failed, "no_such_endpoint", "no_such_endpoint", std::nullopt};
    if (auto request = request_of(owed)) {
        auto [failed, reply] = co_await curl_.async_exchange(std::move(*request), as_result);
        verdict = judge(failed, reply);
    }
    metrics_.hook(owed.webhook ? "managed" : owed.hook.endpoint, verdict.counted_as);
    co_await outbox::record(store_, outcome_job(owed.hook, verdict));
    end(owed);
    alarm_.ring();
}

std::optional<net::OutgoingRequest> HookSender::request_of(const Owed& owed) const {
    if (owed.webhook) return delivery_request(*owed.webhook, owed.hook, roster_.webhooks, net::now());
    const auto target = targets_.find(owed.hook.endpoint);
    if (target == targets_.end()) return std::nullopt;
    return request_for(target->second, owed.hook);
}

net::OutgoingRequest HookSender::request_for(const Target& target, const ClaimedHook& hook) const {
    net::OutgoingRequest request;
    HookBody rendered = render_hook(target.endpoint, hook.payload);
    request.url = target.endpoint.url;
    request.body = std::move(rendered.body);
    request.deadline = kDeadline;
    request.headers = std::move(rendered.headers);
    if (target.signatures)
        for (std::string& line : target.signatures->header_lines(hook.key, net::now(), request.body))
            request.headers.push_back(std::move(line));
    return request;
}

HookSender::Verdict HookSender::judge(const error_code& failed, const net::IncomingReply& reply) {
    if (failed == net::Error::private_address)
        return {Fate::again, "refused_address", "private_address", std::nullopt};
    if (failed) return {Fate::again, "no_answer", "no_answer", std::nullopt};
    std::string status = std::to_string(reply.status);
    if (reply.status >= 200 && reply.status < 300) return {Fate::sent, "sent", status, std::nullopt};
    if (reply.status == kGone) return {Fate::failed, "gone", status, std::nullopt};
    return {Fate::again, "refused", status, net::retry_after(reply)};
}

Store::Job HookSender::outcome_job(const ClaimedHook& hook, Verdict verdict) {
    auto wait = hook_back_off(hook.attempts, std::uniform_real_distribution<>(0, 1)(random_));
    if (verdict.wait && wait) wait = std::max<std::chrono::milliseconds>(*wait, *verdict.wait);
    if (verdict.fate == Fate::failed) wait.reset();
    if (verdict.fate != Fate::sent && !wait)
        telemetry::log(Level::warning, "hook_given_up",
                       {{"endpoint", Safe(hook.endpoint)},
                        {"why", Safe(verdict.counted_as)},
                        {"attempts", hook.attempts}});
    return [id = hook.id, webhook = hook.webhook, verdict = std::move(verdict), wait,
            &roster = roster_](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        tx.staff().note_outcome(id, verdict.outcome);
        if (verdict.fate == Fate::sent) {
            tx.mark_hook_sent(id, now);
            if (webhook) webhook_took(tx, *webhook);
            return {};
        }
        const bool goes_on = !webhook || webhook_failed(tx, roster, *webhook, verdict.outcome, now);
        if (wait && goes_on)
            tx.mark_hook_retry(id, now + *wait);
        else
            tx.mark_hook_failed(id, now);
        return {};
    };
}

}  // namespace webhooks::oncall
