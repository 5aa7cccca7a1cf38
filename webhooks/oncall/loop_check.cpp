#include "webhooks/oncall/loop_check.hpp"

#include <sodium.h>

#include <algorithm>

#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"

namespace webhooks::oncall {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using net::as_result;

constexpr std::string_view kMark = "handrail loop check ";

std::string fresh_text() {
    std::string text(kMark);
    for (int i = 0; i < 4; ++i) text += std::to_string(1'000 + randombytes_uniform(9'000));
    return text;
}

}  // namespace

void LoopEcho::hear(std::string_view text) {
    if (!text.starts_with(kMark)) return;
    const std::lock_guard lock(mutex_);
    last_ = text;
}

void LoopCheck::start() {
    if (parts_.settings.every.count() > 0) net::spawn(executor_, run());
}

void LoopCheck::stop() {
    stopping_ = true;
    alarm_.ring();
}

asio::awaitable<void> LoopCheck::rest(std::chrono::seconds span) {
    for (auto left = span; left.count() > 0 && !stopping_ && !is_back(); left -= 1s) co_await alarm_.wait(1s);
}

asio::awaitable<void> LoopCheck::run() {
    while (!stopping_) {
        co_await send();
        const auto began = std::chrono::steady_clock::now();
        co_await rest(parts_.settings.patience);
        if (stopping_) co_return;
        trouble_ = is_back() ? "" : "a text of ours to ourselves has not come back through the gateway";
        // One that comes late ends the trouble too.
        const auto until = began + parts_.settings.every;
        while (!stopping_ && std::chrono::steady_clock::now() < until) {
            co_await alarm_.wait(1s);
            if (is_back()) trouble_.clear();
        }
    }
}

asio::awaitable<void> LoopCheck::send() {
    sent_ = fresh_text();
    store::Store::Job job = [text = sent_, settings = parts_.settings](store::StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        tx.enqueue({.contact = std::nullopt,
                    .escalation = std::nullopt,
                    .account = settings.from.account,
                    .channel = settings.from.channel,
                    .to = settings.to.channel,
                    .text = text,
                    .kind = bot::MessageKind::check_in,
                    .text_id = {},
                    .said_by = {},
                    .turn = 0,
                    .at = now,
                    .due = now,
                    .fresh_until = now + settings.every,
                    .page_key = {}});
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (!failed) parts_.committed();
}

}  // namespace webhooks::oncall
