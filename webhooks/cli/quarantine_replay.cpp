#include "webhooks/cli/quarantine_replay.hpp"

#include <date/date.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "webhooks/gateways/registry.hpp"
#include "webhooks/inbound/intake.hpp"

namespace webhooks::cli {

namespace {

using nlohmann::json;

/// As WebhookEndpoints wrote it; nothing when the cell is damaged or sealed with another key.
std::optional<http::Request> parse_request(const std::string& text) {
    const json in = json::parse(text, nullptr, false);
    http::Request request;
    const std::pair<const char*, std::string*> members[]{
        {"method", &request.method}, {"target", &request.target}, {"body", &request.body}};
    for (const auto& [name, member] : members) {
        if (!in.is_object() || !in.contains(name) || !in[name].is_string()) return std::nullopt;
        *member = in[name].get<std::string>();
    }
    for (const json& header : in.value("headers", json::array())) {
        if (!header.is_array() || header.size() != 2 || !header[0].is_string() || !header[1].is_string())
            return std::nullopt;
        request.headers.emplace_back(header[0].get<std::string>(), header[1].get<std::string>());
    }
    return request;
}

Replayed stays(const gateways::Refused& refused) {
    std::string what = "stays: " + std::string(gateways::to_string(refused.why));
    if (!refused.field.empty()) what += " (" + refused.field + " " + refused.detail + ")";
    return {false, std::move(what)};
}

std::string outcome(const inbound::Received& received) {
    if (received.seen == store::Seen::duplicate) return "the gateway had delivered it again: nothing to do";
    if (received.from_responder) return "an answer of somebody on call, heeded";
    const std::size_t texts = received.turn.queued.size();
    std::string what = "taken, " + std::to_string(texts) + (texts == 1 ? " text to send" : " texts to send");
    for (const bot::Priority priority : received.turn.opened)
        what += ", a person is paged (" + std::string(bot::to_string(priority)) + ")";
    return what;
}

}  // namespace

std::string describe(const store::QuarantineEntry& entry) {
    const std::string at = date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(entry.at));
    std::array<char, 160> line{};
    std::snprintf(line.data(), line.size(), "%-6lld  %-20s  %-16s  %s", static_cast<long long>(entry.id),
                  at.c_str(), entry.account.c_str(), entry.reason.c_str());
    return line.data();
}

Replay::Replay(const Config& config, std::shared_ptr<const inbound::Line> line, store::Store& store)
    : line_(std::move(line)), store_(store) {
    for (const gateways::AccountSettings& account : config.gateways)
        gateways_.emplace(account.name, gateways::make_gateway(account, config.public_url));
}

Replayed Replay::one(const store::QuarantineEntry& entry, bool named) {
    // Its signature is good, and was another request's: nothing that is asked below would find it out.
    if (!named && entry.reason == gateways::to_string(gateways::Refusal::replayed))
        return {false, "stays: " + entry.reason + ": give its id"};
    const auto gateway = gateways_.find(entry.account);
    if (gateway == gateways_.end()) return {false, "stays: no such account is configured now"};
    const auto request = parse_request(entry.request);
    if (!request) return {false, "stays: it cannot be read (changed, or sealed with another key)"};
    if (const auto refused = gateway->second->verify(*request, entry.at)) return stays(*refused);
    auto events = gateway->second->read(gateways::Endpoint::sms, *request);
    if (!events) return stays(events.error());
    if (!events->refused.empty()) return stays(events->refused.front());
    return hand_over(entry, *gateway->second, std::move(events->messages));
}

Replayed Replay::hand_over(const store::QuarantineEntry& entry, const gateways::Gateway& gateway,
                           std::vector<gateways::InboundMessage> messages) {
    std::vector<std::shared_ptr<inbound::Received>> received;
    std::vector<store::Store::Job> jobs;
    for (gateways::InboundMessage& message : messages) {
        received.push_back(std::make_shared<inbound::Received>());
        const bool gateway_answers = gateway.answers_keyword(message.text);
        jobs.push_back(
            inbound::receive_job(line_, entry.account, std::move(message), gateway_answers, received.back()));
    }
    const auto failed = store_.transact([&](store::StoreTx& tx) -> store::error_code {
        for (const store::Store::Job& job : jobs)
            if (const auto not_received = job(tx)) return not_received;
        tx.remove_quarantined(entry.id);
        return {};
    });
    if (failed) return {false, "stays: the store cannot be written now: " + failed.message()};
    std::string what;
    for (const auto& one : received) what += (what.empty() ? "" : "; ") + outcome(*one);
    return {true, what.empty() ? "nothing in it was a text" : what};
}

}  // namespace webhooks::cli
