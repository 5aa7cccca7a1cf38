#pragma once
#include <functional>
#include <string>

#include "webhooks/http/router.hpp"
#include "webhooks/store/store.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks {

/// The paths of the admin listener. /healthz: the net thread turns. /readyz: messages can be taken, else 503
/// and why: `draining`, `store` (the last commit failed or hangs), `disk` (less than 64 MiB, or a tenth of a
/// small disk, left beside the store). /metrics: Prometheus text. Net thread only.
class AdminEndpoints {
public:
    struct Parts {
        store::Store& store;
        const telemetry::Metrics& metrics;
        std::string store_path;
        std::function<bool()> draining;
    };

    explicit AdminEndpoints(Parts parts) : parts_(std::move(parts)) {}

    void add(http::Router& router);

private:
    [[nodiscard]] http::Response readiness() const;

    Parts parts_;
};

}  // namespace webhooks
