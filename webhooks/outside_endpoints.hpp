#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

#include "webhooks/http/router.hpp"
#include "webhooks/inbound/line.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks {

namespace asio = boost::asio;

/// Where other tools that are told of cases tell us back: POST /webhooks/oncall/<hook>. Acknowledging or
/// closing a case there acknowledges it here, on the same lease as ever: only words to the texter, or a human
/// who says how it ended, stop the ladder for good. What is not signed has no effect; what has been told
/// before has none either. Net thread only.
class OutsideEndpoints {
public:
    struct Parts {
        store::Store& store;
        std::shared_ptr<const inbound::Line> line;
        telemetry::Metrics& metrics;
        std::function<void()> committed;  ///< called after each commit: texts may be due
    };
    explicit OutsideEndpoints(Parts parts) : parts_(std::move(parts)) {}

    /// One path for each hook that has an `answer_secret`.
    void add(http::Router& router);

private:
    asio::awaitable<http::Response> hear(const oncall::Endpoint& hook, const http::Request& request);

    Parts parts_;
};

}  // namespace webhooks
