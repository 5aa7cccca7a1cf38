#include "webhooks/fallback/handover.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::fallback {

namespace {

using net::as_result;
using telemetry::Level;

constexpr std::chrono::seconds kLook{1};
constexpr int kNotNow = 503;
constexpr int kUnreadable = 0;

}  // namespace

void HandOver::start() { net::spawn(executor_, watch()); }

asio::awaitable<void> HandOver::watch() {
    asio::steady_timer pause(executor_);
    while (!stopping_) {
        pause.expires_after(kLook);
        co_await pause.async_wait(as_result);
        co_await take_all();
    }
}

asio::awaitable<void> HandOver::take_all() {
    while (taking_) {
        turn_.expires_after(kLook);
        co_await turn_.async_wait(as_result);
    }
    const std::vector<std::string> names = spool_.names();
    if (names.empty()) co_return;
    taking_ = true;
    co_await take_each(names);
    taking_ = false;
    turn_.cancel();
}

asio::awaitable<void> HandOver::take_each(const std::vector<std::string>& names) {
    std::int64_t taken = 0;
    for (const std::string& name : names) {
        if (!co_await take(name)) break;
        ++taken;
    }
    if (taken > 0) {
        const auto waiting = static_cast<std::int64_t>(names.size());
        telemetry::log(Level::warning, "fallback_taken_in", {{"webhooks", taken}, {"left", waiting - taken}});
    }
}

asio::awaitable<bool> HandOver::take(const std::string& name) {
    const auto kept = spool_.read(name);
    if (!kept) {
        set_aside(name, kUnreadable);
        co_return true;
    }
    const int status = co_await take_(kept->request, kept->arrived);
    if (status == kNotNow) co_return false;
    if (status >= 200 && status < 300)
        spool_.remove(name);
    else
        set_aside(name, status);
    co_return true;
}

void HandOver::set_aside(const std::string& name, int status) const {
    telemetry::log(Level::error, "fallback_set_aside", {{"status", status}});
    spool_.set_aside(name);
}

}  // namespace webhooks::fallback
