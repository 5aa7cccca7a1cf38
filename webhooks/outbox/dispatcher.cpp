#include "webhooks/outbox/dispatcher.hpp"

#include <nlohmann/json.hpp>

#include "webhooks/faults.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/outbox/policy.hpp"
#include "webhooks/outbox/record.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::outbox {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using net::as_result;
using store::Claimed;
using store::OutboxState;
using store::Store;
using store::StoreTx;
using telemetry::Level;
using telemetry::Safe;

constexpr std::size_t kClaimedAtOnce = 256;
constexpr std::chrono::milliseconds kShortestLook = 10ms;  // many messages a claim, not many claims
constexpr std::chrono::milliseconds kLongestLook = 100ms;  // a retry has come due
constexpr std::chrono::milliseconds kUntilNextGateway = 4s;
constexpr int kCautious = 1;  // messages a second of an account that is no longer configured

/// Opt-out confirmations answer the opt-out itself, and pages go to staff: neither asks the gate.
bool asks_gate(const Claimed& message) {
    return message.contact && message.kind != bot::MessageKind::opt_out_confirm &&
           message.kind != bot::MessageKind::page;
}

}  // namespace

Dispatcher::Dispatcher(asio::any_io_executor executor, Parts parts)
    : executor_(executor),
      parts_(std::move(parts)),
      rates_([this](std::string_view account) {
          const gateways::Gateway* gateway = parts_.gateway(account);
          return gateway == nullptr ? kCautious : gateway->messages_per_second();
      }),
      breakers_([this](std::string_view account, bool open) { change_breaker(account, open); }),
      alarm_(executor) {}

void Dispatcher::start() {
    running_ = true;
    net::spawn(executor_, run());
}

void Dispatcher::publish_state(StoreTx& tx, const Claimed& message, OutboxState state,
                               bot::TimePoint now) const {
    nlohmann::json data{{"message", message.id.value}, {"state", store::to_string(state)}};
    if (message.contact) data["contact"] = message.contact->value;
    tx.publish("message." + std::string(store::to_string(state)), data.dump(), now);
    const bool lost =
        state == OutboxState::failed || state == OutboxState::stale || state == OutboxState::unknown;
    if (lost && message.contact && message.kind == bot::MessageKind::crisis)
        parts_.safety_text_lost(tx, message, state, now);
    const bool answers = message.kind == bot::MessageKind::reply || message.kind == bot::MessageKind::crisis;
    if (state == OutboxState::stale && answers && message.contact) parts_.answer_too_late(tx, message, now);
    if (!message.escalation) return;
    tx.log_escalation(*message.escalation, "page_" + std::string(store::to_string(state)), message.page_key,
                      {}, now);
    if (state == OutboxState::failed || state == OutboxState::stale)
        parts_.page_failed(tx, *message.escalation, message.page_key, now);
}

void Dispatcher::note_loop(StoreTx& tx, const Claimed& message, bot::TimePoint now) const {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    if (tx.add_to_count("loop/" + message.to, today, 1) == 1) parts_.fell_silent(tx, *message.contact, now);
}

/// Nobody sent it and nobody will: whoever watches must be able to see that.
void Dispatcher::count_closed(const Claimed& message, std::string_view outcome) {
    parts_.metrics.handed_over(message.account, outcome, net::now() - message.received_at);
    telemetry::log(store::is_urgent(message.kind) ? Level::error : Level::warning, "message_not_sent",
                   {{"message", message.id.value},
                    {"kind", Safe(bot::to_string(message.kind))},
                    {"why", Safe(outcome)}});
}

asio::awaitable<void> Dispatcher::run() {
    co_await settle_wired();
    while (!stopping_) {
        const std::size_t claimed = co_await claim_and_send();
        if (claimed == 0) co_await alarm_.wait(until_next_look());
    }
    running_ = false;
}

std::chrono::milliseconds Dispatcher::until_next_look() const {
    const auto now = std::chrono::steady_clock::now();
    const auto full_until = rates_.full_until(now);
    if (!full_until) return kLongestLook;
    return std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*full_until - now), kShortestLook,
                      kLongestLook);
}

asio::awaitable<void> Dispatcher::settle_wired() {
    // Rows that a crash caught between hand-over and record: their fate is unknown, so the policy decides.
    auto found = std::make_shared<std::vector<Claimed>>();
    Store::Job list = [found](StoreTx& tx) -> error_code {
        *found = tx.wired_rows();
        return {};
    };
    co_await record(parts_.store, std::move(list));
    for (Claimed& message : *found) {
        ++sending_;
        net::spawn(executor_, settle_after_crash(std::move(message)));
    }
    if (!found->empty()) {
        telemetry::log(Level::warning, "outbox_settled_after_crash",
                       {{"messages", static_cast<std::int64_t>(found->size())}});
    }
}

/// All at once: asking a gateway that is down takes its time, and their contacts wait for nothing else.
asio::awaitable<void> Dispatcher::settle_after_crash(Claimed message) {
    co_await settle_uncertain(std::move(message), "restart");
    --sending_;
    alarm_.ring();
}

asio::awaitable<std::size_t> Dispatcher::claim_and_send() {
    auto claimed = std::make_shared<std::vector<Claimed>>();
    auto closed = std::make_shared<std::vector<std::pair<Claimed, std::string>>>();
    Store::Job job = [this, claimed, closed, gate = parts_.gate,
                      allowance = allowances()](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        closed->clear();
        *claimed = tx.claim_due(now, kClaimedAtOnce, allowance, [&](const Claimed& one, OutboxState state) {
            publish_state(tx, one, state, now);
            closed->emplace_back(one, state == OutboxState::stale ? "stale" : "unreadable");
        });
        std::erase_if(*claimed, [&](const Claimed& one) {
            const auto why = parts_.limits.forbids(tx, one, now);
            if (!why) return false;
            tx.mark_final(one.id, OutboxState::failed, *why, now);
            publish_state(tx, one, OutboxState::failed, now);
            if (*why == kLoop) note_loop(tx, one, now);
            closed->emplace_back(one, *why);
            return true;
        });
        for (const Claimed& message : *claimed) {
            if (!asks_gate(message)) continue;
            gate->claimed(*message.contact);
            tx.around_commit([] {}, [gate, contact = *message.contact] { gate->done(contact); });
        }
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (failed) co_return 0;
    for (const auto& [message, outcome] : *closed) count_closed(message, outcome);
    if (!closed->empty()) parts_.recorded();
    for (Claimed& message : *claimed) {
        rates_.of(message.account, message.channel).began(message.kind, std::chrono::steady_clock::now());
        ++sending_;
        net::spawn(executor_, send(std::move(message)));
    }
    co_return claimed->size();
}

asio::awaitable<void> Dispatcher::send(Claimed message) {
    const gateways::Gateway* gateway = parts_.gateway(message.account);
    if (gateway == nullptr) {
        // Named: g++ 12 destroys twice what a conditional makes within a co_await expression.
        Store::Job outcome = other_route(message)
                                 ? again_job(message, "no_such_account", std::nullopt)
                                 : final_job(message, OutboxState::failed, "no_such_account");
        co_await settle(std::move(outcome));
    } else if (!breakers_.admits(message.account, std::chrono::steady_clock::now())) {
        Store::Job outcome = again_job(message, "gateway_down", Breaker::kProbe);
        co_await settle(std::move(outcome));
    } else {
        breakers_.began(message.account, std::chrono::steady_clock::now());
        auto request = request_for(message, *gateway);
        auto [failed, reply] = co_await parts_.curl.async_exchange(std::move(request), as_result);
        if (auto code = uncertain(*gateway, failed, reply)) {
            parts_.metrics.handed_over(message.account, "uncertain", net::now() - message.received_at);
            breakers_.failed(message.account, std::chrono::steady_clock::now());
            co_await settle_uncertain(message, std::move(*code));
        } else {
            co_await settle(outcome_job(message, *gateway, failed, reply));
        }
    }
    if (asks_gate(message)) parts_.gate->done(*message.contact);
    rates_.of(message.account, message.channel).ended(message.kind);
    --sending_;
    alarm_.ring();
}

gateways::OutboundMessage Dispatcher::outbound(const Claimed& message) {
    const auto fresh_for = std::chrono::duration_cast<std::chrono::seconds>(message.fresh_until - net::now());
    return {std::to_string(message.id.value), message.channel, message.to, message.text,
            std::clamp<std::chrono::seconds>(fresh_for, 1min, 4h)};
}

net::OutgoingRequest Dispatcher::request_for(const Claimed& message, const gateways::Gateway& gateway) const {
    auto request = gateway.build_send(outbound(message), net::now());
    const bool urgent = message.kind == bot::MessageKind::crisis || message.kind == bot::MessageKind::page;
    if (urgent && other_route(message)) request.deadline = kUntilNextGateway;
    if (faults::is_on(faults::Guard::opt_out_gate) && asks_gate(message)) {
        request.may_send = [gate = parts_.gate, contact = *message.contact] {
            return gate->may_send(contact);
        };
    }
    return request;
}

asio::awaitable<void> Dispatcher::settle(Store::Job job) {
    co_await record(parts_.store, std::move(job));
    parts_.recorded();
}

asio::awaitable<void> Dispatcher::drain(std::chrono::milliseconds grace) {
    const auto until = std::chrono::steady_clock::now() + grace;
    asio::steady_timer pause(executor_);
    const auto rest = [&] {
        pause.expires_after(std::chrono::milliseconds{20});
        return pause.async_wait(as_result);
    };
    auto due = std::make_shared<std::optional<bot::TimePoint>>();
    while (std::chrono::steady_clock::now() < until) {
        Store::Job look = [due](StoreTx& tx) -> error_code {
            *due = tx.next_outbox_due();
            return {};
        };
        auto [failed] = co_await parts_.store.async_transact(std::move(look), as_result);
        const bool nothing_due = failed || !*due || **due > net::now();
        if (nothing_due && sending_ == 0) break;
        co_await rest();
    }
    stopping_ = true;
    alarm_.ring();
    while ((running_ || sending_ > 0) &&
           std::chrono::steady_clock::now() < until + std::chrono::seconds{10}) {
        co_await rest();
    }
}

}  // namespace webhooks::outbox
