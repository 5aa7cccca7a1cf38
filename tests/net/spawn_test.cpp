#include "webhooks/net/spawn.hpp"

#include <doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> breaks_later(asio::any_io_executor executor) {
    co_await asio::post(executor, asio::use_awaitable);
    throw std::runtime_error("a bug");
}

}  // namespace

TEST_CASE("spawn: a loop that breaks ends the run, never in silence") {
    asio::io_context io{1};
    webhooks::net::spawn(io.get_executor(), breaks_later(io.get_executor()));
    CHECK_THROWS_AS(io.run(), std::runtime_error);
}
