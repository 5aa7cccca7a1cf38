#pragma once
#include <boost/asio/awaitable.hpp>

#include "webhooks/store/store.hpp"

namespace webhooks::outbox {

/// Brings to the store what has happened outside, and asks again every 200 ms while the store is busy or
/// failing: until it is recorded its row stays claimed and nobody else touches it. Net thread only.
/// @return false when the store would not take it in `attempts` tries; the next start then settles the row
boost::asio::awaitable<bool> record(store::Store& store, store::Store::Job job, int attempts = 1'000);

}  // namespace webhooks::outbox
