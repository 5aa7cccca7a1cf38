#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/engine.hpp"
#include "bot/problem.hpp"
#include "webhooks/fallback/settings.hpp"
#include "webhooks/gateways/settings.hpp"
#include "webhooks/http/server.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/outbox/limits.hpp"
#include "webhooks/signup/settings.hpp"
#include "webhooks/staff/api.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks {

struct StoreSettings {
    std::string path = "handrail.db";
    std::string key_file = "handrail.key";

    /// While this file exists nothing but pages is sent (`handrail halt`).
    [[nodiscard]] std::string halt_file() const { return path + ".halt"; }
};

/// Everything an operator decides, checked. Immutable after start.
struct Config {
    bool demo = false;
    std::string demo_secret;  ///< of the demo gateway: the demo phone signs with it; empty outside demo mode
    http::Listen server;
    std::string public_url = "http://127.0.0.1:8080";  ///< no trailing slash; what gateways sign
    /// Networks of reverse proxies, whose X-Forwarded-For is believed; only limits ask who a client is.
    std::vector<std::string> trusted_proxies{"127.0.0.1", "::1"};
    std::chrono::milliseconds drain{10'000};  ///< how long a stop waits for work under way
    http::Listen admin;                       ///< healthz, readyz, metrics
    StoreSettings store;
    bot::LineSettings line;
    std::string flows;                      ///< directory; empty: the one shipped with the program
    std::chrono::milliseconds gather{400};  ///< texts this close together are answered as one thought
    std::chrono::milliseconds crossed{
        3'000};  ///< a text this soon after our reply was written before it was read
    std::vector<gateways::AccountSettings> gateways;
    outbox::SendingLimits sending;
    bool replies_by_another_gateway = false;  ///< rather than wait until their own number works again
    oncall::Roster oncall;
    bool ack_links = false;  ///< pages carry a one-time link that takes the case
    signup::Settings sign_up;
    std::vector<staff::ApiToken> api_tokens;
    std::chrono::seconds reconcile_every{300};  ///< 0: gateways are never asked for what we missed
    fallback::Settings fallback;
    std::size_t quarantine_keep = 200;
    telemetry::Level log_level = telemetry::Level::info;
    std::optional<staff::OidcSettings> oidc;  ///< an identity provider for staff
};

/// What came of reading a configuration: with any problem that is not a warning, no `config`.
struct LoadedConfig {
    std::optional<Config> config;
    bot::Problems problems;  ///< `file` is "handrail.toml:12", `where` the key; no value is ever repeated
    std::string flows;       ///< line.flows as written, also when there are problems
};

/// Looks up an environment variable (a seam for tests).
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// Read and check a TOML configuration whole: every defect at once, an unknown key is one. Secrets are
/// references, `env:NAME` or `file:/path`; a secret written out is refused.
[[nodiscard]] LoadedConfig parse_config(std::string_view toml, const std::string& file_name,
                                        const Environment& environment);
[[nodiscard]] LoadedConfig load_config(const std::string& path);

/// What `handrail serve` runs without a configuration: loopback only, a gateway called "demo" with a secret
/// made up at each start, two people on call.
[[nodiscard]] Config demo_config(std::uint16_t port = 8'080, std::uint16_t admin_port = 8'081);

/// A few lines for the operator: addresses, numbers, people by name. No secret, no staff number.
[[nodiscard]] std::string summarize(const Config& config);

}  // namespace webhooks
