#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "bot/time.hpp"
#include "webhooks/net/alarm.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::oncall {

namespace asio = boost::asio;

/// Texts of ours to ourselves that have come back. Thread-safe.
class LoopEcho {
public:
    /// A text between two numbers of ours: noted when it is one of a loop check.
    void hear(std::string_view text);
    [[nodiscard]] std::string last() const {
        const std::lock_guard lock(mutex_);
        return last_;
    }

private:
    mutable std::mutex mutex_;
    std::string last_;
};

/// A texter that is none: every so often one number of ours texts another through the real gateway, and the
/// text has to come back as a webhook. Nothing else shows a number that was moved, a webhook URL that was
/// changed or an account that was suspended before somebody in danger meets it. Net thread only.
class LoopCheck {
public:
    struct Parts {
        store::Store& store;
        const LoopSettings& settings;
        std::shared_ptr<LoopEcho> echo;
        std::function<void()> committed;
    };
    LoopCheck(asio::any_io_executor executor, Parts parts)
        : executor_(executor), parts_(std::move(parts)), alarm_(executor) {}

    void start();
    void stop();
    /// In words for staff; empty: the last text came back, or is not late yet.
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

private:
    asio::awaitable<void> run();
    asio::awaitable<void> send();
    asio::awaitable<void> rest(std::chrono::seconds span);
    [[nodiscard]] bool is_back() const { return parts_.echo->last() == sent_; }

    asio::any_io_executor executor_;
    Parts parts_;
    net::Alarm alarm_;
    std::string sent_;
    std::string trouble_;
    bool stopping_ = false;
};

}  // namespace webhooks::oncall
