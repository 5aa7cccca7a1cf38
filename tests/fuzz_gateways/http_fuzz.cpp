// Whatever bytes a network may bring: requests, forms, JSON, URLs, times, the first bytes of a picture, the
// texts of responders. The first byte says which. Beside not breaking, each keeps a promise.
//   cmake --preset fuzz && cmake --build --preset fuzz --target http_fuzz     (clang's libFuzzer)
//   build/fuzz/tests/fuzz_gateways/http_fuzz -max_len=8192 tests/fuzz_gateways/http_corpus
// Every other build replays the corpus: ctest -R http_corpus.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/http/form.hpp"
#include "webhooks/http/json_body.hpp"
#include "webhooks/http/peer.hpp"
#include "webhooks/http/request_reader.hpp"
#include "webhooks/inbound/media_type.hpp"
#include "webhooks/net/origin.hpp"
#include "webhooks/net/parse_time.hpp"
#include "webhooks/net/retry_after.hpp"
#include "webhooks/oncall/responder_command.hpp"

namespace {

using namespace webhooks;

void must(bool holds, const char* what) {
    if (holds) return;
    std::cerr << "broken: " << what << '\n';
    std::abort();
}

/// What a connection was understood to ask, and how it ended.
std::string heard(std::string_view bytes, std::size_t at_once) {
    static const http::Limits limits;
    static const http::GateRules rules;
    http::RequestReader reader(limits, rules);
    using State = http::RequestReader::State;
    std::string all;
    State state = State::need_more;
    while (state != State::refused) {
        if (state == State::ready) {
            const http::Request& request = reader.request();
            all.append(request.method).append(" ").append(request.target).append("\n");
            for (const auto& [name, value] : request.headers) all.append(name).append(value).append("\n");
            all.append(request.body).append("\n");
            state = reader.next();
            continue;
        }
        const auto room = reader.prepare();
        must(room.size() > 0, "there is room to read on");
        const std::size_t count = std::min({bytes.size(), room.size(), at_once});
        if (count == 0) return all + "open";
        std::memcpy(room.data(), bytes.data(), count);
        bytes.remove_prefix(count);
        state = reader.commit(count);
    }
    return all + std::to_string(reader.refusal().status);
}

void requests(std::string_view text) {
    const std::string whole = heard(text, text.size());
    must(heard(text, 1) == whole, "it does not matter in which pieces a request comes");
    must(heard(text, 7) == whole, "nor in any others");
}

void forms(std::string_view text) {
    const auto form = http::parse_form(text);
    if (!form) return;
    const auto again = http::parse_form(http::encode_form(*form));
    must(again && *again == *form, "a form that is written and read is the same");
}

void json(std::string_view text) {
    const auto document = http::parse_json_body(text);
    if (!document) return;
    const auto again = http::parse_json_body(document->dump());
    must(again && *again == *document, "JSON that is written and read is the same");
}

void urls(std::string_view text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string url(text.substr(0, end));
    const std::string location(text.substr(std::min(end + 1, text.size())));
    if (const auto origin = net::origin_of(url)) {
        must(net::origin_of(*origin) == origin, "an origin is the origin of itself");
        must(origin->find('@') == std::string::npos, "no user name is part of an origin");
    }
    if (const auto target = net::redirect_target(url, location))
        must(target->find_first_of(" \r\n") == std::string::npos, "a redirect leads to one line");
}

void small_things(std::string_view text) {
    const std::string value(text);
    (void)net::parse_time(text);
    (void)net::retry_after({503, {}, {{"retry-after", value}, {"date", "Tue, 24 Nov 2026 05:59:50 GMT"}}});
    (void)oncall::read_command(text);
    (void)inbound::file_ending_of(inbound::media_type_of(text));
    const auto network = http::parse_network(text);
    http::Request request;
    request.peer = "127.0.0.1";
    request.headers.emplace_back("X-Forwarded-For", value);
    (void)http::client_of(request, network ? std::vector{*network} : std::vector<http::Network>{});
}

constexpr void (*kParsers[])(std::string_view){&requests, &forms, &json, &urls, &small_things};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    kParsers[data[0] % std::size(kParsers)]({reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
