#include <curl/curl.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <memory>
#include <optional>

#include "webhooks/cli/doctor_checks.hpp"
#include "webhooks/config_values.hpp"
#include "webhooks/gateways/registry.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/curl_client.hpp"

namespace webhooks::cli {

namespace {

using boost::system::error_code;

struct Exchanged {
    error_code failed;
    net::IncomingReply reply;

    [[nodiscard]] std::optional<std::string> header(std::string_view name) const {
        for (const auto& [key, value] : reply.headers)
            if (key == name) return value;
        return std::nullopt;
    }
    /// A problem document: it is Handrail that answers, not something in front of it.
    [[nodiscard]] bool is_from_handrail() const {
        return header("content-type").value_or("").starts_with("application/problem+json");
    }
};

// One request after the other; nobody waits for anything else here.
class Http {
public:
    Exchanged exchange(net::OutgoingRequest request) {
        Exchanged result;
        bool done = false;
        client_.async_exchange(std::move(request), [&](error_code failed, net::IncomingReply reply) {
            result = {failed, std::move(reply)};
            done = true;
        });
        io_.restart();
        while (!done) io_.run_one();
        return result;
    }

private:
    boost::asio::io_context io_{1};
    net::CurlClient client_{io_.get_executor()};
};

std::string authority_of(const std::string& url) {
    const std::size_t begin = url.find("://") + 3;
    return url.substr(begin, std::min(url.find('/', begin), url.size()) - begin);
}

std::string no_reply(const error_code& failed, const std::string& url) {
    const std::string authority = authority_of(url);
    switch (failed.value()) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return authority + " cannot be found by name: check DNS and public_url";
        case CURLE_COULDNT_CONNECT:
            return "nothing takes connections at " + authority + ": is the server running, is the port open?";
        case CURLE_OPERATION_TIMEDOUT:
            return "no answer from " + authority + " in time: a firewall, or a proxy that reaches nobody";
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
            return "the certificate of " + authority + " does not verify: gateways refuse it as well";
        case CURLE_SSL_CONNECT_ERROR:
            return authority + " does not speak TLS as it should";
        default:
            return authority + ": " + failed.message();
    }
}

std::string of_another_kind(const Exchanged& probe) {
    const long status = probe.reply.status;
    if (status >= 300 && status < 400)
        return "redirects to " + probe.header("location").value_or("nowhere") +
               ": gateways do not follow; public_url must be where it ends";
    if (status == 404 && probe.is_from_handrail())
        return "reaches a server that has no such account: restart it with this configuration, or a proxy "
               "changes the path";
    if (status == 404) return "something answers, but not at this path: what stands in front changes it";
    if (status == 401 || status == 407) return "something in front asks for a password: gateways have none";
    if (status == 400)
        return "what arrives is not what was sent (400): something in front changes the request";
    if (status >= 502 && status <= 504)
        return "something in front answers, but does not reach the server (" + std::to_string(status) + ")";
    return "something else answers here (" + std::to_string(status) + ")";
}

// Past whatever stands in front; only without TLS, for the certificate is not made out to this address.
std::optional<std::string> local_url(const Config& config, const std::string& url) {
    if (!config.server.tls.private_key.empty()) return std::nullopt;
    std::string address = config.server.address;
    if (address == "0.0.0.0") address = "127.0.0.1";
    if (address == "::") address = "::1";
    if (address.find(':') != std::string::npos) address = "[" + address + "]";
    const std::size_t path = url.find('/', url.find("://") + 3);
    return "http://" + address + ":" + std::to_string(config.server.port) + url.substr(path);
}

class GatewayCheck {
public:
    GatewayCheck(const Config& config, DoctorReport& report) : config_(config), report_(report) {}

    void run(const gateways::Gateway& gateway) {
        part_ = gateway.account();
        report_.fine(part_, std::string("STOP and HELP are answered by ") +
                                (gateway.answers_keywords_itself() ? "the gateway" : "handrail"));
        probe(gateway);
        for (net::OutgoingRequest& inquiry : gateway.build_inquiries()) ask(gateway, std::move(inquiry));
    }

    // The gateway's clock, as its replies tell it: signed webhooks older than 5 minutes are refused.
    void compare_clocks() {
        if (!ahead_) return;
        const std::string seconds = std::to_string(std::abs(*ahead_)) + " s " +
                                    (*ahead_ < 0 ? "behind" : "ahead of") + " the gateway's";
        if (std::abs(*ahead_) > 240)
            report_.wrong("clock", seconds + ": signatures that carry a time are refused; set up time sync");
        else if (std::abs(*ahead_) > 10)
            report_.warn("clock", seconds + ": set up time sync");
        else
            report_.fine("clock", "agrees with the gateway's");
    }

private:
    void probe(const gateways::Gateway& gateway) {
        net::OutgoingRequest request = gateway.build_probe(net::now());
        const std::string url = request.url;
        const auto past_proxy = local_url(config_, url);
        net::OutgoingRequest local = request;
        const Exchanged probed = http_.exchange(std::move(request));
        if (probed.failed) {
            report_.wrong(part_, no_reply(probed.failed, url));
        } else if (!gateway.can_sign_probe() && probed.reply.status == 403 && probed.is_from_handrail()) {
            report_.fine(part_, url + ": reached; only the gateway itself can sign");
        } else if (probed.reply.status == 204) {
            report_.fine(part_, url + ": reached, signature verifies");
        } else if (probed.reply.status == 403 && probed.is_from_handrail()) {
            local.url = past_proxy.value_or("");
            report_.wrong(part_, url + ": the signature does not verify: " + why_refused(std::move(local)));
        } else {
            report_.wrong(part_, url + ": " + of_another_kind(probed));
        }
    }

    std::string why_refused(net::OutgoingRequest local) {
        constexpr const char* kRestart =
            "the server that runs has another public_url or token than this file; restart it";
        if (local.url.empty()) return kRestart;
        const Exchanged probed = http_.exchange(std::move(local));
        if (!probed.failed && probed.reply.status == 204)
            return "it does when sent to the server directly, so something in front changes path, query or "
                   "body";
        return kRestart;
    }

    void ask(const gateways::Gateway& gateway, net::OutgoingRequest inquiry) {
        const std::string url = inquiry.url;
        const Exchanged asked = http_.exchange(std::move(inquiry));
        if (asked.failed) {
            report_.wrong(part_, "the gateway: " + no_reply(asked.failed, url));
            return;
        }
        note_clock(asked);
        if (const auto wrong = gateway.read_inquiry(asked.reply))
            report_.wrong(part_, authority_of(url) + ": " + *wrong);
        else
            report_.fine(part_, authority_of(url) + ": reached, and set up as it should be");
    }

    void note_clock(const Exchanged& asked) {
        const auto date = asked.header("date");
        const std::time_t theirs = date ? ::curl_getdate(date->c_str(), nullptr) : -1;
        if (theirs < 0) return;
        const auto ours = std::chrono::duration_cast<std::chrono::seconds>(net::now().time_since_epoch());
        const std::int64_t ahead = ours.count() - static_cast<std::int64_t>(theirs);
        if (!ahead_ || std::abs(ahead) > std::abs(*ahead_)) ahead_ = ahead;
    }

    const Config& config_;
    DoctorReport& report_;
    Http http_;
    std::string part_;
    std::optional<std::int64_t> ahead_;
};

}  // namespace

bool check_server(const Config& config, DoctorReport& report) {
    Http http;
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = "http://" + config.admin.address + ":" + std::to_string(config.admin.port) + "/readyz";
    const std::string url = request.url;
    const Exchanged asked = http.exchange(std::move(request));
    if (asked.failed)
        report.wrong("server", "does not answer at " + url + ": is it running?");
    else if (asked.reply.status != 200)
        report.wrong("server", url + " says it is not ready: " + asked.reply.body);
    else
        report.fine("server", "ready");
    return !asked.failed && asked.reply.status == 200;
}

void check_gateways(const Config& config, DoctorReport& report) {
    GatewayCheck check(config, report);
    for (const gateways::AccountSettings& account : config.gateways)
        check.run(*gateways::make_gateway(account, config.public_url));
    check.compare_clocks();
}

}  // namespace webhooks::cli
