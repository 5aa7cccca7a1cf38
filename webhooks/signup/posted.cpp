#include "webhooks/signup/posted.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "webhooks/http/json_body.hpp"
#include "webhooks/http/problem.hpp"

namespace webhooks::signup {

namespace {

using http::problem;
constexpr std::size_t kMostOfName = 64;

bool is_json(const http::Request& request) {
    return request.header("Content-Type").value_or("").starts_with("application/json");
}

}  // namespace

boost::system::result<Posted, http::Response> read_posted(const http::Request& request) {
    if (!is_json(request))
        return problem(415, "Unsupported media type", "Send application/json.", "Content-Type");
    const auto document = http::parse_json_body(request.body);
    if (!document) return problem(400, "Malformed JSON", document.error().reason, document.error().pointer);

    Posted posted;
    std::string language = "en";
    const std::array<std::pair<const char*, std::string*>, 4> fields{{{"number", &posted.number},
                                                                      {"challenge", &posted.challenge},
                                                                      {"answer", &posted.answer},
                                                                      {"language", &language}}};
    for (const auto& [name, into] : fields) {
        const auto value = document->find(name);
        if (value == document->end()) {
            if (into == &language) continue;
            return problem(400, "Missing field", "Every field but language is needed.", name);
        }
        if (!value->is_string()) return problem(400, "Bad field", "Must be a text.", name);
        *into = value->get<std::string>();
    }
    for (const auto& [key, _] : document->items()) {
        const auto is_key = [&key = key](const auto& field) { return field.first == key; };
        if (std::ranges::none_of(fields, is_key))
            return problem(400, "Unknown field", "Known are number, challenge, answer and language.",
                           std::string_view(key).substr(0, kMostOfName));
    }
    const auto chosen = bot::parse_language(language);
    if (!chosen) return problem(400, "Bad language", "en or es.", "language");
    posted.language = *chosen;
    return posted;
}

}  // namespace webhooks::signup
