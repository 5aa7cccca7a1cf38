#pragma once
#include <boost/asio/awaitable.hpp>

#include "webhooks/store/store.hpp"

namespace webhooks::outbox {

/// Brings to the store what has happened outside, and asks again every 200 ms for as long as the store is
/// busy or failing: until it is recorded its row stays claimed, and its contact hears nothing else. Should
/// the process end first, the next start settles the row. Net thread only.
boost::asio::awaitable<void> record(store::Store& store, store::Store::Job job);

}  // namespace webhooks::outbox
