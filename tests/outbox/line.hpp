#pragma once
#include <boost/asio.hpp>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/store/fixture.hpp"
#include "webhooks/gateways/registry.hpp"
#include "webhooks/http/server.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/outbox/dispatcher.hpp"

namespace tests {

namespace asio = boost::asio;
namespace http = webhooks::http;
namespace outbox = webhooks::outbox;
using namespace store_test;
using bot::MessageKind;
using nlohmann::json;

inline constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

inline http::Listen any_port() {
    http::Listen listen;
    listen.port = 0;
    return listen;
}

/// What a text of the outbox has come to.
struct Fate {
    std::string state, code;
    bool operator==(const Fate&) const = default;
};
inline std::ostream& operator<<(std::ostream& out, const Fate& fate) {
    return out << fate.state << " " << fate.code;
}

/// A store, a dispatcher and the server of a generic gateway on one loop, so that a test sees every step in
/// order.
class Line {
public:
    Line() {
        router_.add("POST", "/send", [this](const http::Request& request) { return take(request); });
        server_.start();
    }
    ~Line() { dispatcher.reset(); }

    /// An account whose texts go to our server, or to another URL.
    void add_account(const std::string& name, int per_second = 10'000, std::string send_url = {}) {
        webhooks::gateways::AccountSettings settings;
        settings.kind = "generic";
        settings.name = name;
        settings.secret = kSecret;
        settings.messages_per_second = per_second;
        settings.send_url = send_url.empty() ? url("/send") : send_url;
        accounts[name] = webhooks::gateways::make_gateway(settings, "http://127.0.0.1");
    }
    void start() {
        dispatcher = std::make_unique<outbox::Dispatcher>(
            io.get_executor(),
            outbox::Dispatcher::Parts{
                .store = db.store(),
                .curl = curl,
                .gate = gate,
                .metrics = metrics,
                .gateway = [this](std::string_view account) -> const webhooks::gateways::Gateway* {
                    const auto found = accounts.find(account);
                    return found == accounts.end() ? nullptr : found->second.get();
                },
                .opted_out = [this](StoreTx&, ContactId contact, std::string_view code,
                                    bot::TimePoint) { opted_out.emplace_back(contact, std::string(code)); },
                .page_failed = [this](StoreTx&, EscalationId escalation, std::string_view,
                                      bot::TimePoint) { failed_pages.push_back(escalation); },
                .safety_text_lost = [this](StoreTx&, const Claimed& message, OutboxState,
                                           bot::TimePoint) { lost.push_back(message.text); },
                .answer_too_late = [this](StoreTx&, const Claimed& message,
                                          bot::TimePoint) { too_late.push_back(message.id); },
                .fell_silent = [this](StoreTx&, ContactId contact,
                                      bot::TimePoint) { silenced.push_back(contact); },
                .recorded = [this] { ++recorded; },
                .routes = routes,
                .limits = limits});
        dispatcher->start();
    }
    [[nodiscard]] std::string url(const std::string& path) const {
        return "http://127.0.0.1:" + std::to_string(server_.port()) + path;
    }

    /// Queues a text of no contact; its own words tell it from others.
    MessageId queue(const std::string& text, const std::string& account = "main",
                    MessageKind kind = MessageKind::reply, const std::string& channel = "+15550199") {
        return queue(text, account, kind, channel, std::nullopt);
    }
    MessageId queue(const std::string& text, const std::string& account, MessageKind kind,
                    const std::string& channel, std::optional<ContactId> contact,
                    std::chrono::seconds fresh_for = 10min) {
        const bot::TimePoint now = webhooks::net::now();
        NewOutbound message = outbound({}, text, kind, now);
        message.contact = contact;
        message.account = account;
        message.channel = channel;
        message.at = now;
        message.fresh_until = now + fresh_for;
        const MessageId id = db.write([&](StoreTx& tx) { return tx.enqueue(message); });
        if (dispatcher) dispatcher->wake();
        return id;
    }
    Fate fate(MessageId id) {
        return db.read([&](StoreReader& reader) {
            for (const MessageRow& row : reader.outbox(10'000, std::numeric_limits<std::int64_t>::max()))
                if (row.id == id) return Fate{row.state, row.error_code};
            return Fate{"gone", ""};
        });
    }
    /// Runs the loop until it holds, twenty seconds at most.
    template <class Condition>
    [[nodiscard]] bool runs_until(Condition holds) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!holds()) {
            if (std::chrono::steady_clock::now() > end) return false;
            io.restart();
            io.run_one_for(10ms);
        }
        return true;
    }
    [[nodiscard]] bool becomes(MessageId id, const Fate& want) {
        return runs_until([&] { return fate(id) == want; });
    }
    [[nodiscard]] bool arrives(const std::string& text) {
        return runs_until([&] { return has_arrived(text); });
    }
    [[nodiscard]] bool has_arrived(const std::string& text) const {
        return std::any_of(arrived.begin(), arrived.end(),
                           [&](const json& one) { return one["text"] == text; });
    }
    [[nodiscard]] std::vector<std::string> texts() const {
        std::vector<std::string> all;
        for (const json& one : arrived) all.push_back(one["text"]);
        return all;
    }

    asio::io_context io{1};
    SqliteFixture db;
    webhooks::telemetry::Metrics metrics;
    webhooks::net::CurlClient curl{io.get_executor()};
    std::shared_ptr<outbox::ConsentGate> gate = std::make_shared<outbox::ConsentGate>();
    std::map<std::string, std::unique_ptr<webhooks::gateways::Gateway>, std::less<>> accounts;
    std::unique_ptr<outbox::Dispatcher> dispatcher;
    outbox::Routes routes;  ///< before `start`
    outbox::Limits limits;

    std::vector<json> arrived;                                  ///< bodies, in order
    std::map<std::string, std::deque<http::Response>> answers;  ///< by text, one after the other; then 204
    std::set<std::string> hanging;                              ///< texts that are never answered
    std::vector<std::pair<ContactId, std::string>> opted_out;
    std::vector<EscalationId> failed_pages;
    std::vector<std::string> lost;
    std::vector<MessageId> too_late;  ///< answers that were dropped
    std::vector<ContactId> silenced;  ///< whom a person must look at  ///< safety texts, by their words
    int recorded = 0;

private:
    asio::awaitable<http::Response> take(const http::Request& request) {
        json body = json::parse(request.body);
        const auto text = body["text"].get<std::string>();
        arrived.push_back(std::move(body));
        if (hanging.contains(text)) {
            asio::steady_timer never(io, asio::steady_timer::time_point::max());
            co_await never.async_wait(webhooks::net::as_result);
        }
        auto& programmed = answers[text];
        http::Response answer;
        answer.status = 204;
        if (!programmed.empty()) {
            answer = std::move(programmed.front());
            programmed.pop_front();
        }
        co_return answer;
    }

    http::Router router_;
    http::Server server_{io, any_port(), router_};
};

inline http::Response busy(int status, const std::string& retry_after = {}) {
    http::Response answer = http::Response::json(status, "{}");
    if (!retry_after.empty()) answer.headers.emplace_back("Retry-After", retry_after);
    return answer;
}

}  // namespace tests
