#include "webhooks/oncall/hook_sender.hpp"

#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/retry_after.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/oncall/hook_formats.hpp"
#include "webhooks/oncall/hook_policy.hpp"
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

std::optional<gateways::StandardWebhooks> signatures_of(const Endpoint& endpoint) {
    if (endpoint.secret.empty()) return std::nullopt;
    return gateways::StandardWebhooks(endpoint.secret);
}

}  // namespace

HookSender::HookSender(asio::any_io_executor executor, Store& store, net::CurlClient& curl,
                       const Roster& roster, telemetry::Metrics& metrics)
    : executor_(executor), store_(store), curl_(curl), metrics_(metrics), alarm_(executor) {
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
    const std::size_t free = kAtOnce - std::min(kAtOnce, sending_);
    if (free == 0) co_return;
    auto claimed = std::make_shared<std::vector<ClaimedHook>>();
    Store::Job job = [claimed, free](StoreTx& tx) -> error_code {
        *claimed = tx.claim_hooks(net::now(), free);
        return {};
    };
    auto [failed] = co_await store_.async_transact(std::move(job), as_result);
    if (failed) co_return;
    for (ClaimedHook& hook : *claimed) {
        ++sending_;
        net::spawn(executor_, send(std::move(hook)));
    }
}

asio::awaitable<void> HookSender::send(ClaimedHook hook) {
    Verdict verdict{Fate::failed, "no_such_endpoint", std::nullopt};
    if (const auto target = targets_.find(hook.endpoint); target != targets_.end()) {
        auto request = request_for(target->second, hook);
        auto [failed, reply] = co_await curl_.async_exchange(std::move(request), as_result);
        verdict = judge(failed, reply);
    }
    metrics_.hook(hook.endpoint, verdict.counted_as);
    co_await outbox::record(store_, outcome_job(hook, verdict));
    --sending_;
    alarm_.ring();
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
    if (failed) return {Fate::again, "no_answer", std::nullopt};
    if (reply.status >= 200 && reply.status < 300) return {Fate::sent, "sent", std::nullopt};
    if (reply.status == kGone) return {Fate::failed, "gone", std::nullopt};
    return {Fate::again, "refused", net::retry_after(reply)};
}

Store::Job HookSender::outcome_job(const ClaimedHook& hook, const Verdict& verdict) {
    if (verdict.fate == Fate::sent) {
        return [id = hook.id](StoreTx& tx) -> error_code {
            tx.mark_hook_sent(id, net::now());
            return {};
        };
    }
    auto wait = hook_back_off(hook.attempts, std::uniform_real_distribution<>(0, 1)(random_));
    if (verdict.fate == Fate::failed || !wait) {
        telemetry::log(Level::warning, "hook_given_up",
                       {{"endpoint", Safe(hook.endpoint)},
                        {"why", Safe(verdict.counted_as)},
                        {"attempts", hook.attempts}});
        return [id = hook.id](StoreTx& tx) -> error_code {
            tx.mark_hook_failed(id, net::now());
            return {};
        };
    }
    if (verdict.wait) wait = std::max<std::chrono::milliseconds>(*wait, *verdict.wait);
    return [id = hook.id, later = *wait](StoreTx& tx) -> error_code {
        tx.mark_hook_retry(id, net::now() + later);
        return {};
    };
}

}  // namespace webhooks::oncall
