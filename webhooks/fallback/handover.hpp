#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>
#include <vector>

#include "webhooks/fallback/spool.hpp"

namespace webhooks::fallback {

namespace asio = boost::asio;

/// The server's side: takes in what the fallback kept, oldest first, one after the other, and takes a file
/// away once the line has what is in it. After a crash in between a text is read twice and answered once.
/// What the line refuses, or nobody can read, is set aside and logged; the others go on. Net thread only.
///
/// Order: whoever texts twice has the first text answered 200, so in the folder, before the second leaves the
/// gateway. To await `take_all` before each webhook therefore keeps the order, whoever took which.
class HandOver {
public:
    /// Gives the line one webhook, as of when it arrived; its status. 503: not now.
    using Take = std::function<asio::awaitable<int>(const http::Request& request, bot::TimePoint arrived)>;

    HandOver(asio::any_io_executor executor, Spool spool, Take take)
        : executor_(executor), spool_(std::move(spool)), take_(std::move(take)), turn_(executor) {}

    /// All that is there now; a few microseconds when nothing is.
    [[nodiscard]] asio::awaitable<void> take_all();
    /// From then on, each second: what nobody's next webhook has made us look for.
    void start();
    void stop() noexcept { stopping_ = true; }

private:
    asio::awaitable<void> watch();
    asio::awaitable<void> take_each(const std::vector<std::string>& names);
    /// @return false when the line takes nothing now
    [[nodiscard]] asio::awaitable<bool> take(const std::string& name);
    void set_aside(const std::string& name, int status) const;

    asio::any_io_executor executor_;
    Spool spool_;
    Take take_;
    asio::steady_timer turn_;  ///< rings when whoever is taking has taken all
    bool taking_ = false;
    bool stopping_ = false;
};

}  // namespace webhooks::fallback
