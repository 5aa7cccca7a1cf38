#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace webhooks::net {

/// Completion token of every await in the shell: errors come as values, `auto [failed, reply] = co_await
/// ...`.
constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace webhooks::net
