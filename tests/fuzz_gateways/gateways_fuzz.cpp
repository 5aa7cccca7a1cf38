// Whatever bytes a gateway, or somebody who says he is one, may send: every adapter reads them, and what it
// takes is a text or a report as the rest of the server expects it.
//   cmake --preset fuzz && cmake --build --preset fuzz --target gateways_fuzz     (clang's libFuzzer)
//   build/fuzz/tests/fuzz_gateways/gateways_fuzz -max_len=8192 tests/fuzz_gateways/corpus
// Every other build replays the corpus: ctest -R gateways_corpus.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "bot/normalize.hpp"
#include "bot/redact.hpp"
#include "webhooks/gateways/registry.hpp"

namespace {

using namespace webhooks;
using gateways::Endpoint;
using gateways::Gateway;

constexpr const char* kKinds[]{"bandwidth", "generic",    "infobip", "kannel", "messagebird", "plivo",
                               "sinch",     "signalwire", "telnyx",  "twilio", "vonage",      "vonage"};
constexpr const char* kPublicUrl = "https://sms.example.org";

void must(bool holds, const char* what) {
    if (holds) return;
    std::cerr << "broken: " << what << '\n';
    std::abort();
}

std::vector<std::unique_ptr<Gateway>> make_all() {
    std::vector<std::unique_ptr<Gateway>> all;
    for (const char* kind : kKinds) {
        gateways::AccountSettings settings;
        settings.kind = kind;
        settings.name = "main";
        settings.numbers = {"+15105550100", "1008"};
        settings.account_id = "AC1";
        settings.token = "a token nobody can guess";
        settings.secret = "a secret nobody can guess";
        settings.webhook_user = settings.api_user = "user";
        settings.api = std::size(all) + 1 == std::size(kKinds) ? "sms" : "messages";
        settings.signature_method = "sha256";
        if (settings.kind == "twilio") settings.secret.clear();
        if (settings.kind == "telnyx") settings.secret = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
        if (settings.kind == "generic") settings.secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        all.push_back(gateways::make_gateway(settings, kPublicUrl));
    }
    return all;
}

/// "POST /path?query", headers, an empty line, the body.
http::Request request_of(std::string_view text) {
    const auto line = [&text] {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view first = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return first;
    };
    http::Request request;
    const std::string_view start = line();
    request.method = start.starts_with("GET") ? "GET" : "POST";
    request.target = start.substr(std::min(start.find('/'), start.size()));
    for (std::string_view header = line(); !header.empty(); header = line()) {
        const std::size_t colon = std::min(header.find(": "), header.size());
        request.headers.emplace_back(header.substr(0, colon),
                                     header.substr(std::min(colon + 2, header.size())));
    }
    request.body = text;
    return request;
}

void check_events(const gateways::Events& events) {
    for (const gateways::InboundMessage& message : events.messages) {
        must(bot::is_e164(message.from), "a text comes from a number");
        must(message.to == "+15105550100" || message.to == "1008", "a text was written to one of ours");
        must(!message.external_id.empty() && message.external_id.size() <= 128, "a text has an id");
        must(bot::is_valid_utf8(message.text), "a text is UTF-8");
        must(message.media.size() <= 32, "a text has so many pictures at most");
        must(!message.part || (message.part->index >= 1 && message.part->index <= message.part->total),
             "a piece is one of its text");
    }
    for (const gateways::DeliveryReport& report : events.reports) {
        must(report.error_code.size() <= 32, "a code is short");
        must(!report.opted_out || report.state == gateways::DeliveryReport::State::failed,
             "who has blocked us was not reached");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto all = make_all();
    if (size == 0) return 0;
    const Gateway& gateway = *all[data[0] % all.size()];
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const http::Request request = request_of(text);
    const bool nothing_in_it = request.body.empty() && request.query().empty();
    must(gateway.verify(request, bot::from_millis(1'795'500'001'000)) || nothing_in_it,
         "nobody but the gateway signs");
    for (const Endpoint endpoint : {Endpoint::sms, Endpoint::status})
        if (const auto events = gateway.read(endpoint, request)) check_events(*events);
    for (const long status : {200L, 400L, 401L, 429L, 503L})
        (void)gateway.read_send_reply({status, request.body, {}});
    (void)gateway.read_inquiry({200, request.body, {}});
    if (const auto page = gateway.read_inbound_list({200, request.body, {}}, {}, bot::TimePoint::max()))
        check_events({page->messages, {}, {}, 0});
    must(!gateway.build_media_fetch(request.body), "what no operator allows is not fetched");
    (void)gateway.open_nonce(request);
    (void)gateway.read_lookup({200, request.body, {}}, {"1", "+15105550100", "+15550100", "hi"}, {});
    return 0;
}
