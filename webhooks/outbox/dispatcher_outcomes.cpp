// What becomes of a text that has been handed over, or could not be.
#include <algorithm>

#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/outbox/dispatcher.hpp"
#include "webhooks/outbox/policy.hpp"
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

constexpr std::chrono::seconds kLongestPause = 60s;
constexpr std::chrono::seconds kClocksDiffer = 60s;  // the gateway's from ours
constexpr std::chrono::seconds kLookUpWithin = 5s;
constexpr std::chrono::seconds kUntilListed = 1s;  // a message just taken shows in the gateway's list

}  // namespace

Store::Job Dispatcher::outcome_job(const Claimed& message, const gateways::Gateway& gateway,
                                   const error_code& failed, const net::IncomingReply& reply) {
    const auto took = net::now() - message.received_at;
    const auto count = [&](std::string_view outcome) {
        parts_.metrics.handed_over(message.account, outcome, took);
    };
    if (failed == net::Error::withdrawn) {
        count("withdrawn");
        return final_job(message, OutboxState::cancelled, "opted_out");
    }
    if (failed) {
        breakers_.failed(message.account, std::chrono::steady_clock::now());
        count("unreachable");
        return again_job(message, "unreachable", std::nullopt);
    }
    const gateways::SendOutcome outcome = gateway.read_send_reply(reply);
    note_reply(message.account, outcome, reply.status);
    if (const auto* sent = std::get_if<gateways::Sent>(&outcome)) {
        count("sent");
        if (message.kind == bot::MessageKind::page) parts_.metrics.page_handed_over(took);
        return [this, message, id = sent->external_id](StoreTx& tx) -> error_code {
            const bot::TimePoint now = net::now();
            tx.mark_sent(message.id, id, now);
            publish_state(tx, message, OutboxState::sent, now);
            return {};
        };
    }
    if (const auto* again = std::get_if<gateways::TryAgain>(&outcome)) {
        count(again->account ? "account" : "retry");
        if (again->after) {  // the gateway's word holds for the number, not for this message alone
            rates_.of(message.account, message.channel)
                .pause(std::chrono::steady_clock::now() + std::min(*again->after, kLongestPause));
        }
        return again_job(message, again->code, again->after);
    }
    if (const auto* blocked = std::get_if<gateways::RecipientOptedOut>(&outcome)) {
        count("opted_out");
        return final_job(message, OutboxState::failed, blocked->code, true);
    }
    count("rejected");
    return rejected_job(message, std::get<gateways::Rejected>(outcome).code);
}

/// What a reply says of the gateway itself. 429 is no fault: it asks for patience, and gets it.
void Dispatcher::note_reply(const std::string& account, const gateways::SendOutcome& outcome, long status) {
    constexpr long kTooManyRequests = 429;
    const auto now = std::chrono::steady_clock::now();
    const auto* again = std::get_if<gateways::TryAgain>(&outcome);
    if (again != nullptr && status == kTooManyRequests) return;
    if (again != nullptr)
        breakers_.failed(account, now, again->account);
    else
        breakers_.succeeded(account);
}

void Dispatcher::reported(std::string_view account, bool delivered) {
    breakers_.reported(account, delivered, std::chrono::steady_clock::now());
}

void Dispatcher::change_breaker(std::string_view account, bool open) {
    parts_.metrics.set_gateway_down(account, open);
    telemetry::log(open ? Level::error : Level::info, open ? "gateway_down" : "gateway_up",
                   {{"account", Safe(std::string(account))}});
}

/// While an account's breaker is open, one text at a time tries it again, and only what may go elsewhere is
/// claimed beside that.
store::AllowanceOf Dispatcher::allowances() {
    const auto now = std::chrono::steady_clock::now();
    enum class Standing { probe, elsewhere, shut };
    std::map<std::string, Standing, std::less<>> standings;
    const auto is_fit = [&](std::string_view account) { return breakers_.is_closed(account); };
    for (const std::string& account : rates_.accounts()) {
        if (breakers_.is_closed(account)) continue;
        const bool elsewhere = parts_.routes.after(account, is_fit).has_value();
        standings[account] = breakers_.admits(account, now) ? Standing::probe
                             : elsewhere                    ? Standing::elsewhere
                                                            : Standing::shut;
    }
    const bool replies_too = parts_.routes.may_move(bot::MessageKind::reply);
    return [of_rates = rates_.allowances(now), standings = std::move(standings), replies_too,
            halted = parts_.limits.is_halted()](std::string_view account,
                                                std::string_view channel) -> store::Allowance {
        store::Allowance full = of_rates(account, channel);
        full.pages_only = halted;
        const auto found = standings.find(account);
        if (found == standings.end()) return full;
        switch (found->second) {
            case Standing::probe:
                return {std::min<std::size_t>(full.all, 1), std::min<std::size_t>(full.others, 1), halted};
            case Standing::elsewhere:
                return {full.all, replies_too ? full.others : 0, halted};
            case Standing::shut:
                break;
        }
        return {0, 0};
    };
}

std::optional<Route> Dispatcher::other_route(const Claimed& message) const {
    if (!parts_.routes.may_move(message.kind)) return std::nullopt;
    return parts_.routes.after(message.account,
                               [this](std::string_view account) { return breakers_.is_closed(account); });
}

Store::Job Dispatcher::again_job(const Claimed& message, std::string code,
                                 std::optional<std::chrono::seconds> after) {
    const auto route = other_route(message);
    if (!route) return retry_job(message, std::move(code), after);
    // Once round all of them, it waits as it would have at one.
    const std::size_t round = parts_.routes.count();
    const bool again = message.attempts % round == 0;
    const auto wait =
        again ? back_off(message.kind, message.attempts / static_cast<std::uint32_t>(round)) : 0ms;
    parts_.metrics.rerouted(message.account, route->account);
    telemetry::log(Level::warning, "message_rerouted",
                   {{"message", message.id.value},
                    {"kind", Safe(bot::to_string(message.kind))},
                    {"from", Safe(message.account)},
                    {"to", Safe(route->account)},
                    {"code", Safe(code)}});
    return [this, message, route = *route, code = std::move(code), wait](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        tx.reroute(message.id, route.account, route.channel);
        tx.mark_retry(message.id, code, now + wait);
        publish_state(tx, message, OutboxState::errored, now);
        return {};
    };
}

/// What one gateway refuses for good, another may take, if it matters enough to ask every one of them once.
Store::Job Dispatcher::rejected_job(const Claimed& message, std::string code) {
    const bool urgent = message.kind == bot::MessageKind::crisis || message.kind == bot::MessageKind::page;
    if (urgent && message.attempts < parts_.routes.count() && other_route(message))
        return again_job(message, std::move(code), std::nullopt);
    return final_job(message, OutboxState::failed, std::move(code));
}

std::optional<std::string> Dispatcher::uncertain(const gateways::Gateway& gateway, const error_code& failed,
                                                 const net::IncomingReply& reply) const {
    if (failed == net::Error::withdrawn || (failed && net::certainly_not_sent(failed))) return std::nullopt;
    if (failed) return "no_answer";
    const gateways::SendOutcome outcome = gateway.read_send_reply(reply);
    const auto* unclear = std::get_if<gateways::Unclear>(&outcome);
    return unclear != nullptr ? std::optional(unclear->code) : std::nullopt;
}

asio::awaitable<void> Dispatcher::settle_uncertain(Claimed message, std::string code) {
    const gateways::Gateway* gateway = parts_.gateway(message.account);
    const gateways::OutboundMessage sent = outbound(message);
    const bot::TimePoint since = message.received_at - kClocksDiffer;
    // Nobody in danger, and nobody on call, is made to wait for the answer: better two texts than none.
    const bool asks = gateway != nullptr && message.kind != bot::MessageKind::page &&
                      !(message.kind == bot::MessageKind::crisis && other_route(message));
    auto question = asks ? gateway->build_lookup(sent, since) : std::nullopt;
    std::optional<std::vector<std::string>> ids;
    if (question) {
        question->deadline = kLookUpWithin;
        asio::steady_timer pause(executor_, kUntilListed);
        co_await pause.async_wait(as_result);
        auto [failed, reply] = co_await parts_.curl.async_exchange(std::move(*question), as_result);
        if (!failed) ids = gateway->read_lookup(reply, sent, since);
    }
    if (!ids) {
        Store::Job unknown = uncertain_job(message, std::move(code));
        co_await settle(std::move(unknown));
        co_return;
    }
    auto found = std::make_shared<bool>(false);
    Store::Job look = found_job(message, std::move(*ids), found);
    co_await settle(std::move(look));
    if (*found) co_return;
    // Named: g++ 12 destroys twice what a conditional makes within a co_await expression.
    Store::Job outcome = may_go_again(message.kind)
                             ? again_job(message, std::move(code), std::nullopt)
                             : final_job(message, OutboxState::unknown, std::move(code));
    co_await settle(std::move(outcome));
}

/// Of the messages alike, one that we do not know of must be this one; if we know them all, it never came.
Store::Job Dispatcher::found_job(const Claimed& message, std::vector<std::string> ids,
                                 std::shared_ptr<bool> found) {
    return [this, message, ids = std::move(ids), found = std::move(found)](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        const auto own = std::ranges::find_if(
            ids, [&](const std::string& id) { return !tx.knows_sent(message.account, id); });
        *found = own != ids.end();
        if (!*found) return {};
        tx.mark_sent(message.id, *own, now);
        publish_state(tx, message, OutboxState::sent, now);
        return {};
    };
}

Store::Job Dispatcher::uncertain_job(const Claimed& message, std::string code) {
    if (resend_when_uncertain(message.kind, message.attempts))
        return again_job(message, std::move(code), std::nullopt);
    return final_job(message, OutboxState::unknown, std::move(code));
}

Store::Job Dispatcher::retry_job(const Claimed& message, std::string code,
                                 std::optional<std::chrono::seconds> after) {
    // Nothing was taken, and a page does not wait for a gateway to recover while there is another way.
    const bool is_page = message.escalation && message.kind == bot::MessageKind::page;
    if (is_page && code != "restart" && parts_.has_other_way && parts_.has_other_way(message.page_key))
        return final_job(message, OutboxState::failed, std::move(code));
    const double chance = std::uniform_real_distribution<>(0, 1)(random_);
    auto wait = with_jitter(back_off(message.kind, message.attempts), chance);
    if (code == "restart") wait = std::chrono::milliseconds{0};
    if (after) wait = std::max<std::chrono::milliseconds>(wait, std::min(*after, longest_wait(message.kind)));
    if (net::now() + wait > message.fresh_until) count_closed(message, "stale");
    return [this, message, code = std::move(code), wait](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        if (now + wait > message.fresh_until) {
            tx.mark_final(message.id, OutboxState::stale, code, now);
            publish_state(tx, message, OutboxState::stale, now);
        } else {
            tx.mark_retry(message.id, code, now + wait);
            publish_state(tx, message, OutboxState::errored, now);
        }
        return {};
    };
}

Store::Job Dispatcher::final_job(const Claimed& message, OutboxState state, std::string code,
                                 bool opted_out) {
    if (state == OutboxState::failed || state == OutboxState::unknown) {
        telemetry::log(Level::warning, "message_not_delivered",
                       {{"message", message.id.value},
                        {"kind", Safe(bot::to_string(message.kind))},
                        {"code", Safe(code)}});
    }
    return [this, message, state, code = std::move(code), opted_out](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        tx.mark_final(message.id, state, code, now);
        publish_state(tx, message, state, now);
        if (opted_out && message.contact) parts_.opted_out(tx, *message.contact, code, now);
        return {};
    };
}

}  // namespace webhooks::outbox
