#include "webhooks/inbound/reconciler.hpp"

#include <boost/asio/steady_timer.hpp>
#include <iterator>

#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::inbound {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using net::as_result;
using telemetry::Level;
using telemetry::Safe;

constexpr std::chrono::seconds kLooksBack = 1h;
constexpr int kMostPages = 20;
constexpr std::chrono::seconds kUnderWay = 60s;  // a webhook may still be on its way

/// @param page  the first that was not read, from 0
void warn(const char* event, const gateways::Gateway& gateway, int page) {
    telemetry::log(Level::warning, event, {{"account", Safe(gateway.account())}, {"page", page}});
}

}  // namespace

void Reconciler::start(std::chrono::seconds every) {
    if (every.count() > 0 && !parts_.numbers.empty()) net::spawn(executor_, run(every));
}

asio::awaitable<void> Reconciler::run(std::chrono::seconds every) {
    asio::steady_timer pause(executor_);
    while (!stopping_) {
        for (const Number& number : parts_.numbers) co_await look(number);
        pause.expires_after(every);
        co_await pause.async_wait(as_result);
    }
}

asio::awaitable<void> Reconciler::look(const Number& number) {
    auto messages = co_await listed(number, net::now());
    if (messages.empty()) co_return;
    auto taken = std::make_shared<int>(0);
    store::Store::Job job = take_in(number, std::move(messages), taken);
    auto [not_stored] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (not_stored || *taken == 0) co_return;
    for (int i = 0; i < *taken; ++i) parts_.metrics.inbound(number.gateway->account(), "reconciled");
    telemetry::log(Level::warning, "inbound_reconciled",
                   {{"account", Safe(number.gateway->account())}, {"texts", *taken}});
    parts_.committed();
}

/// What cannot be read leaves a hole. What is newer is taken all the same, out of its order: a missed text
/// may be one in danger, and the next round asks for the hole again.
asio::awaitable<std::vector<gateways::InboundMessage>> Reconciler::listed(const Number& number,
                                                                          bot::TimePoint now) {
    std::vector<gateways::InboundMessage> all;
    for (int page = 0; page < kMostPages; ++page) {
        auto question = number.gateway->build_inbound_list(number.number, now - kLooksBack, page);
        if (!question) co_return all;
        auto [failed, reply] = co_await parts_.curl.async_exchange(std::move(*question), as_result);
        auto read = failed ? std::nullopt
                           : number.gateway->read_inbound_list(reply, now - kLooksBack, now - kUnderWay);
        if (!read) {
            warn("inbound_list_not_read", *number.gateway, page);
            co_return all;
        }
        all.insert(all.begin(), std::make_move_iterator(read->messages.begin()),
                   std::make_move_iterator(read->messages.end()));
        if (!read->more) co_return all;
    }
    warn("inbound_list_too_long", *number.gateway, kMostPages);
    co_return all;
}

store::Store::Job Reconciler::take_in(const Number& number, std::vector<gateways::InboundMessage> messages,
                                      std::shared_ptr<int> taken) const {
    return [line = parts_.line, gateway = number.gateway, messages = std::move(messages),
            taken = std::move(taken)](store::StoreTx& tx) -> error_code {
        *taken = 0;
        for (const gateways::InboundMessage& message : messages) {
            if (tx.knows_received(gateway->account(), message.external_id)) continue;
            auto received = std::make_shared<Received>();
            const bool gateway_answers = gateway->answers_keyword(message.text);
            if (const error_code failed =
                    receive_job(line, gateway->account(), message, gateway_answers, received)(tx))
                return failed;
            ++*taken;
        }
        return {};
    };
}

}  // namespace webhooks::inbound
