#include "webhooks/fallback/fallback.hpp"

#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "webhooks/gateways/registry.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::fallback {

namespace {

using gateways::Endpoint;
using gateways::Gateway;
using net::as_result;
using telemetry::Level;
using telemetry::Safe;

constexpr std::chrono::seconds kDrain{5};

http::Listen listen_at(const Settings& settings, const http::Limits& limits) {
    http::Listen listen;
    listen.address = settings.address;
    listen.port = settings.port;
    listen.limits = limits;
    return listen;
}

http::Response try_later() {
    http::Response response = http::problem(503, "Try again later", "The message was not kept.");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

/// Calls, probes, unknown accounts: nothing that could wait for the server.
asio::awaitable<http::Response> not_ours(const http::Request&) { co_return try_later(); }

/// Vonage tries URLs with empty requests that nobody signs.
bool tells_nothing(const Gateway& gateway, Endpoint endpoint, const http::Request& request) {
    const auto events = gateway.read(endpoint, request);
    return events && events->messages.empty() && events->reports.empty() && events->refused.empty();
}

}  // namespace

Fallback::Fallback(Parts parts)
    : parts_(std::move(parts)),
      spool_(parts_.settings.directory, parts_.settings.megabytes << 20, parts_.vault),
      server_(io_, listen_at(parts_.settings, parts_.limits), router_) {
    for (const char* method : {"GET", "POST"}) {
        router_.add(method, "/webhooks/", not_ours);
        for (const auto& gateway : parts_.gateways) {
            for (const Endpoint endpoint : {Endpoint::sms, Endpoint::status}) {
                router_.add(method, gateways::webhook_base(*gateway) + "/" + std::string(to_string(endpoint)),
                            [this, &gateway = *gateway, endpoint](const http::Request& request) {
                                return take(gateway, endpoint, request);
                            });
            }
        }
    }
}

/// What does not verify would be refused by the server too, and strangers must not fill the disk.
asio::awaitable<http::Response> Fallback::take(const Gateway& gateway, Endpoint endpoint,
                                               const http::Request& request) {
    using Outcome = SpoolWriter::Outcome;
    const bot::TimePoint now = net::now();
    const Safe account(gateway.account());
    if (const auto refused = gateway.verify(request, now)) {
        telemetry::log(Level::warning, "webhook_refused",
                       {{"account", account}, {"why", Safe(gateways::to_string(refused->why))}});
        co_return http::problem(403, "Signature refused",
                                "The request is not signed as this account is configured.");
    }
    if (tells_nothing(gateway, endpoint, request)) co_return gateway.accepted();
    const Outcome outcome = spool_.keep({request, now});
    if (outcome == Outcome::kept) {
        telemetry::log(Level::info, "webhook_kept", {{"account", account}});
        co_return gateway.accepted();
    }
    telemetry::log(Level::error, "webhook_not_kept",
                   {{"account", account}, {"why", Safe(outcome == Outcome::full ? "full" : "disk")}});
    co_return try_later();
}

asio::awaitable<void> Fallback::stop_on_signal() {
    asio::signal_set signals(io_, SIGTERM, SIGINT);
    co_await signals.async_wait(as_result);
    co_await server_.drain(kDrain);
    io_.stop();
}

void Fallback::run() {
    net::spawn(io_.get_executor(), stop_on_signal());
    server_.start();
    telemetry::log(Level::info, "fallback_started", {{"port", server_.port()}});
    io_.run();
    telemetry::log(Level::info, "fallback_stopped");
}

}  // namespace webhooks::fallback
