#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/http/message.hpp"

namespace webhooks::http {

namespace asio = boost::asio;

/// Answers one request. Runs on the net thread; must not block (under 1 ms between awaits).
using Handler = std::function<asio::awaitable<Response>(const Request&)>;

/// Exact paths, and prefixes that end in '/'; the longest one that fits answers. GET answers HEAD too. A
/// known path with another method answers 405 with Allow; an unknown path 404; a handler that throws 500
/// without saying why (the reason is logged without user input).
class Router {
public:
    void add(std::string method, std::string path, Handler handler);
    [[nodiscard]] asio::awaitable<Response> route(const Request& request) const;

private:
    struct Route {
        std::string method;
        std::string path;
        Handler handler;
    };
    [[nodiscard]] std::string allowed_methods(std::string_view path, std::size_t length) const;

    std::vector<Route> routes_;
};

}  // namespace webhooks::http
