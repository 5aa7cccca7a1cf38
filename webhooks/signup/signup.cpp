#include "webhooks/signup/signup.hpp"

#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "webhooks/http/problem.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/signup/assets.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::signup {

namespace {

using http::Request;
using http::Response;
using net::as_result;
using Clock = std::chrono::steady_clock;

/// Longer than a commit takes: every answer to a good request comes at this time.
constexpr std::chrono::milliseconds kAnswerAfter{300};

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri "
    "'none'; form-action 'none'; require-trusted-types-for 'script'; frame-ancestors";

std::string policy_for(const std::vector<std::string>& ancestors) {
    std::string policy(kPolicy);
    for (const std::string& each : ancestors) policy.append(" ").append(each);
    return ancestors.empty() ? policy + " 'none'" : policy;
}

PageFacts facts_of(const inbound::Line& line, const Settings& settings) {
    const bot::LineSettings said = line.engine->get()->line();  // the same in every release of the flows
    return {said.placeholders, said.staffed, settings.channel, Numbers::at_home(settings.channel),
            Numbers::example(settings.countries.front())};
}

std::vector<http::Network> networks_of(const std::vector<std::string>& texts) {
    std::vector<http::Network> networks;
    for (const std::string& text : texts) networks.push_back(http::parse_network(text).value());
    return networks;
}

struct Refusal {
    const char* result;  ///< for the metric
    const char* detail;
};
Refusal refusal_of(ProofOfWork::Verdict verdict) {
    using Verdict = ProofOfWork::Verdict;
    switch (verdict) {
        case Verdict::forged:
            return {"challenge_forged", "Not a challenge of this server, or of before its last start."};
        case Verdict::expired:
            return {"challenge_expired", "Too old: ask for another one."};
        case Verdict::used:
            return {"challenge_used", "Used before: ask for another one."};
        case Verdict::too_little:
            return {"work_too_little", "The hash of challenge:answer has too few leading zero bits."};
        case Verdict::malformed:
        case Verdict::ok:
            break;
    }
    return {"challenge_malformed", "A challenge as it was given, and an answer of 1 to 20 digits."};
}

}  // namespace

SignUp::SignUp(Parts parts)
    : parts_(std::move(parts)),
      proxies_(networks_of(parts_.trusted_proxies)),
      numbers_(parts_.settings.countries, parts_.settings.fictional),
      proof_(parts_.settings.proof_bits, parts_.settings.proof_lasts),
      limits_(parts_.settings),
      page_(facts_of(*parts_.line, parts_.settings)) {}

void SignUp::add(http::Router& router) {
    router.add("GET", "/signup", [this](const Request& request) -> asio::awaitable<Response> {
        co_return page(request, false);
    });
    if (!parts_.settings.frame_ancestors.empty())
        router.add("GET", "/signup/embed", [this](const Request& request) -> asio::awaitable<Response> {
            co_return page(request, true);
        });
    for (const http::Asset& file : assets()) {
        if (file.name == "page.html" || file.name == "words.json") continue;
        router.add("GET", std::string("/signup/").append(file.name),
                   [&file](const Request&) -> asio::awaitable<Response> {
                       co_return Response::with_type(200, std::string(file.type), std::string(file.body));
                   });
    }
    router.add("GET", "/api/v1/signups/challenge",
               [this](const Request&) -> asio::awaitable<Response> { co_return challenge(); });
    router.add("POST", "/api/v1/signups", [this](const Request& request) { return post(request); });
}

Response SignUp::page(const Request& request, bool embedded) const {
    const bot::Language language =
        choose_language(request.query(), request.header("Accept-Language").value_or(""));
    Response response = Response::with_type(200, "text/html; charset=utf-8", page_.html(language, embedded));
    const std::vector<std::string> nobody;
    response.headers.emplace_back("Content-Security-Policy",
                                  policy_for(embedded ? parts_.settings.frame_ancestors : nobody));
    response.headers.emplace_back("Content-Language", to_string(language));
    response.headers.emplace_back("Vary", "Accept-Language");
    return response;
}

Response SignUp::challenge() {
    const auto lasts = std::chrono::duration_cast<std::chrono::seconds>(parts_.settings.proof_lasts);
    return Response::json(200, nlohmann::json{{"challenge", proof_.challenge(Clock::now())},
                                              {"bits", proof_.bits()},
                                              {"expires_in_seconds", lasts.count()}}
                                   .dump());
}

asio::awaitable<Response> SignUp::post(const Request& request) {
    asio::steady_timer same_for_all(parts_.executor, Clock::now() + kAnswerAfter);
    auto posted = read_posted(request);
    if (!posted) co_return refuse("malformed", std::move(posted.error()));
    const std::string address = http::network_of(http::client_of(request, proxies_)).to_string();
    auto number = admit(*posted, address);
    if (!number) co_return std::move(number.error());
    if (limits_.admit_number(*number, Clock::now())) {
        const bool stored = co_await ask(std::move(*number), posted->language);
        if (!stored) {
            Response later = http::problem(503, "Try again later");
            later.headers.emplace_back("Retry-After", "5");
            co_return refuse("busy", std::move(later));
        }
    } else {
        parts_.metrics.sign_up("not_asked");
    }
    co_await same_for_all.async_wait(as_result);
    co_return Response::json(202, R"({"status":"accepted"})");
}

boost::system::result<std::string, Response> SignUp::admit(const Posted& posted, const std::string& address) {
    using Verdict = Numbers::Verdict;
    Numbers::Reading number = numbers_.read(posted.number);
    if (number.verdict == Verdict::not_a_number)
        return refuse("not_a_number", http::problem(400, "Bad number", "Not a phone number.", "number"));
    if (number.verdict != Verdict::ok) {
        const bool country = number.verdict == Verdict::other_country;
        return refuse(
            country ? "other_country" : "no_mobile",
            http::problem(422, "Number not taken",
                          country ? "Of a country this line does not text." : "Not a mobile number.",
                          "number"));
    }
    const Clock::time_point now = Clock::now();
    const auto verdict = proof_.spend(posted.challenge, posted.answer, now);
    if (verdict != ProofOfWork::Verdict::ok) {
        const Refusal why = refusal_of(verdict);
        return refuse(why.result, http::problem(422, "Proof of work refused", why.detail, "challenge"));
    }
    if (const auto full = limits_.admit(address, number.e164, now)) {
        Response response = http::problem(429, "Too many sign-ups", "Text the line instead, or wait.");
        response.headers.emplace_back("Retry-After", std::to_string(full->wait.count()));
        return refuse(full->which, std::move(response));
    }
    return std::move(number.e164);
}

asio::awaitable<bool> SignUp::ask(std::string number, bot::Language language) {
    auto outcome = std::make_shared<inbound::TurnOutcome>();
    store::Store::Job job = inbound::sign_up_job(parts_.line,
                                                 {std::move(number), language, page_.consent(language),
                                                  parts_.settings.account, parts_.settings.channel},
                                                 outcome);
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (failed) {
        telemetry::log(telemetry::Level::error, "sign_up_not_stored",
                       {{"error", telemetry::Safe(failed.message())}});
        co_return false;
    }
    parts_.metrics.sign_up(outcome->queued.empty() ? "not_asked" : "asked");
    for (const bot::MessageKind kind : outcome->queued) parts_.metrics.reply(bot::to_string(kind));
    for (const bot::Consent to : outcome->consent) parts_.metrics.consent(bot::to_string(to));
    parts_.committed();
    co_return true;
}

Response SignUp::refuse(const char* result, Response response) {
    parts_.metrics.sign_up(result);
    return response;
}

}  // namespace webhooks::signup
