#include "webhooks/webhook_endpoints.hpp"

#include <boost/asio/detached.hpp>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "webhooks/faults.hpp"
#include "webhooks/gateways/registry.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/inbound/parts.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks {

namespace {

using boost::system::error_code;
using faults::Guard;
using gateways::Endpoint;
using gateways::Gateway;
using gateways::Refusal;
using store::StoreTx;
using telemetry::Level;
using telemetry::Safe;

using net::as_result;

/// The store is down or full: every gateway repeats what got a 5xx, none repeats a 4xx.
http::Response try_later() {
    http::Response response = http::problem(503, "Try again later", "The message was not stored.");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

std::string as_json(const http::Request& request) {
    nlohmann::json headers = nlohmann::json::array();
    for (const auto& [name, value] : request.headers) headers.push_back({name, value});
    return bot::json_text({{"method", request.method},
                           {"target", request.target},
                           {"headers", headers},
                           {"body", request.body}});
}

}  // namespace

void WebhookEndpoints::add(http::Router& router, const Gateway& gateway) {
    const std::string base = gateways::webhook_base(gateway);
    for (const Endpoint endpoint : {Endpoint::sms, Endpoint::status}) {
        const std::string path = base + "/" + std::string(to_string(endpoint));
        paths_.emplace(path, Path{gateway, endpoint});
        for (const char* method : {"POST", "GET"}) {  // some gateways can be told to use either
            router.add(method, path, [this, &gateway, endpoint](const http::Request& request) {
                return receive_now(gateway, endpoint, request);
            });
        }
    }
    router.add("POST", base + "/probe",
               [this, &gateway](const http::Request& request) -> asio::awaitable<http::Response> {
                   const bot::TimePoint now = net::now();
                   if (auto refused = gateway.verify(request, now)) {
                       co_return co_await refuse(gateway, request, std::move(*refused), false, now);
                   }
                   co_return http::Response{204, {}, {}, nullptr};
               });
}

asio::awaitable<http::Response> WebhookEndpoints::receive_now(const Gateway& gateway, Endpoint endpoint,
                                                              const http::Request& request) {
    if (parts_.older_first) co_await parts_.older_first();
    co_return co_await receive(gateway, endpoint, request, net::now());
}

asio::awaitable<int> WebhookEndpoints::take_kept(const http::Request& request, bot::TimePoint arrived) {
    constexpr int kNoSuchAccount = 404;
    constexpr int kFailed = 500;
    const auto path = paths_.find(request.path());
    if (path == paths_.end()) co_return kNoSuchAccount;
    const auto& [gateway, endpoint] = path->second;
    int status = kFailed;
    try {
        const http::Response answer = co_await receive(gateway, endpoint, request, arrived);
        status = answer.status;
    } catch (const std::exception&) {
        telemetry::log(Level::error, "kept_webhook_failed",
                       {{"exception", Safe(telemetry::type_of(std::current_exception()))}});
    }
    if (status < 300 && endpoint == Endpoint::sms) parts_.metrics.inbound(gateway.account(), "from_fallback");
    co_return status;
}

asio::awaitable<http::Response> WebhookEndpoints::receive(const Gateway& gateway, Endpoint endpoint,
                                                          const http::Request& request,
                                                          bot::TimePoint arrived) {
    auto refused = gateway.verify(request, arrived);
    if (!refused) refused = nonces_.check(gateway, request, arrived);
    if (refused && faults::is_on(Guard::signature)) {
        co_return co_await refuse(gateway, request, std::move(*refused), endpoint == Endpoint::sms, arrived);
    }
    auto events = gateway.read(endpoint, request);
    if (!events) co_return co_await unreadable(gateway, endpoint, request, events.error(), arrived);
    for (std::size_t i = 0; i < events->unknown; ++i) parts_.metrics.inbound(gateway.account(), "unknown");
    const bool nothing_taken = events->messages.empty() && events->reports.empty();
    for (std::size_t i = 0; i < events->refused.size(); ++i) {
        auto answer = co_await unreadable(gateway, endpoint, request, events->refused[i], arrived);
        if (nothing_taken && i + 1 == events->refused.size()) co_return answer;
    }
    if (nothing_taken) co_return gateway.accepted();
    co_return co_await store(gateway, std::move(*events));
}

/// Signed, so it is a text that somebody wrote: the operator must hear that it was not taken.
asio::awaitable<http::Response> WebhookEndpoints::unreadable(const Gateway& gateway, Endpoint endpoint,
                                                             const http::Request& request,
                                                             const gateways::Refused& refused,
                                                             bot::TimePoint arrived) {
    const bool text = endpoint == Endpoint::sms;
    if (text) {
        telemetry::log(
            Level::warning, "inbound_not_read",
            {{"account", Safe(gateway.account())}, {"why", Safe(gateways::to_string(refused.why))}});
    }
    return refuse(gateway, request, refused, text && refused.why == Refusal::wrong_number, arrived);
}

/// All that came in one webhook is kept in one transaction: it is answered as one.
asio::awaitable<http::Response> WebhookEndpoints::store(const Gateway& gateway, gateways::Events events) {
    using State = gateways::DeliveryReport::State;
    auto received = std::make_shared<std::vector<std::shared_ptr<inbound::Received>>>();
    std::vector<store::Store::Job> jobs;
    for (gateways::InboundMessage& message : events.messages) {
        received->push_back(std::make_shared<inbound::Received>());
        if (message.part) {
            jobs.push_back(inbound::part_job(parts_.line, gateway, std::move(message), received->back()));
            continue;
        }
        const bool gateway_answers = gateway.answers_keyword(message.text);
        jobs.push_back(inbound::receive_job(parts_.line, gateway.account(), std::move(message),
                                            gateway_answers, received->back()));
    }
    for (gateways::DeliveryReport& report : events.reports) {
        if (report.state == State::ignored) continue;
        const bool tells = report.state != State::sent && !report.opted_out && !report.filtered;
        if (tells && parts_.reported) parts_.reported(gateway.account(), report.state == State::delivered);
        jobs.push_back(inbound::report_job(parts_.line, gateway.account(), std::move(report)));
    }
    if (jobs.empty()) co_return gateway.accepted();
    store::Store::Job all = [jobs = std::move(jobs)](StoreTx& tx) -> error_code {
        for (const store::Store::Job& job : jobs)
            if (const error_code failed = job(tx)) return failed;
        return {};
    };
    if constexpr (!faults::is_on(Guard::answer_at_commit)) {
        parts_.store.async_transact(std::move(all), asio::detached);
        co_return gateway.accepted();
    }
    auto [failed] = co_await parts_.store.async_transact(std::move(all), as_result);
    if (failed) {
        if (!received->empty()) {
            parts_.metrics.inbound(gateway.account(), "busy");
            telemetry::log(Level::error, "inbound_not_stored",
                           {{"account", Safe(gateway.account())}, {"error", Safe(failed.message())}});
        }
        co_return try_later();
    }
    for (const auto& one : *received) count(gateway, *one);
    parts_.committed();
    co_return gateway.accepted();
}

asio::awaitable<http::Response> WebhookEndpoints::refuse(const Gateway& gateway, const http::Request& request,
                                                         gateways::Refused refused, bool keep,
                                                         bot::TimePoint arrived) {
    const bool malformed = refused.why == Refusal::malformed_body;
    parts_.metrics.inbound(gateway.account(), malformed ? "malformed" : "refused");
    if (malformed) co_return http::problem(400, "Malformed request", refused.detail, refused.field);

    if (keep) {
        // A wrong public URL or token looks just like a forgery and has lost real messages elsewhere, and a
        // number that was forgotten in the settings loses them too: keep the latest.
        const std::string why(gateways::to_string(refused.why));
        parts_.metrics.quarantined(gateway.account(), why);
        telemetry::log(Level::warning, "webhook_refused",
                       {{"account", Safe(gateway.account())}, {"why", Safe(why)}});
        if (may_quarantine()) {
            store::QuarantineEntry entry{0, arrived, gateway.account(), why, as_json(request)};
            store::Store::Job job = [entry = std::move(entry),
                                     keep_latest = parts_.quarantine_keep](StoreTx& tx) -> error_code {
                tx.quarantine(entry, keep_latest);
                return {};
            };
            co_await parts_.store.async_transact(std::move(job), as_result);
        }
    }
    if (refused.why == Refusal::wrong_number)
        co_return http::problem(403, "Not a number of this line", refused.detail, refused.field);
    // The same words whatever was wrong: a forger learns nothing (T2).
    co_return http::problem(403, "Signature refused",
                            "The request is not signed as this account is configured.");
}

bool WebhookEndpoints::may_quarantine() {
    constexpr int kPerSecond = 20;  // a flood of forgeries must not become a flood of writes
    const auto now = std::chrono::steady_clock::now();
    if (now - quarantine_window_ > std::chrono::seconds{1}) {
        quarantine_window_ = now;
        quarantined_in_window_ = 0;
    }
    return ++quarantined_in_window_ <= kPerSecond;
}

void WebhookEndpoints::count(const Gateway& gateway, const inbound::Received& received) {
    telemetry::Metrics& metrics = parts_.metrics;
    if (received.seen == store::Seen::duplicate) {
        metrics.inbound(gateway.account(), "duplicate");
        return;
    }
    metrics.inbound(gateway.account(), "accepted");
    if (received.turn.failed) metrics.turn_failed(gateway.account());
    for (const bot::MessageKind kind : received.turn.queued) metrics.reply(bot::to_string(kind));
    for (const bot::Consent to : received.turn.consent) metrics.consent(bot::to_string(to));
    for (const bot::Priority priority : received.turn.opened)
        metrics.escalation_opened(bot::to_string(priority));
    if (received.acknowledged && received.acknowledged->accepted) {
        metrics.acknowledged(bot::to_string(received.acknowledged->priority), received.acknowledged->after);
    }
}

}  // namespace webhooks
