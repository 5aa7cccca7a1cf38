#include "webhooks/gateways/generic.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/json_text.hpp"
#include "bot/redact.hpp"
#include "webhooks/http/json_body.hpp"
#include "webhooks/net/retry_after.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;

constexpr std::size_t kLongestId = 128;
constexpr std::size_t kLongestCode = 32;
constexpr std::size_t kMostMedia = 32;

Refused malformed(std::string pointer, std::string detail) {
    return {Refusal::malformed_body, std::move(pointer), std::move(detail)};
}

bool is_visible(std::string_view text, std::size_t longest) {
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Reads the members of one JSON object; the first that is wrong is kept with its pointer.
class Members {
public:
    Members(const json& object, std::string pointer) : object_(object), pointer_(std::move(pointer)) {}

    /// A text member; "" when absent or null.
    std::string text(const char* name) {
        const json* const value = find(name);
        if (value == nullptr) return {};
        if (value->is_string()) return value->get<std::string>();
        complain(name, "must be a text");
        return {};
    }
    bool truth(const char* name) {
        const json* const value = find(name);
        if (value == nullptr) return false;
        if (value->is_boolean()) return value->get<bool>();
        complain(name, "must be true or false");
        return false;
    }
    bool has(const char* name) const { return find(name) != nullptr; }
    void require(bool holds, const char* name, const char* what) {
        if (!holds) complain(name, what);
    }
    void complain(const std::string& name, const char* what) {
        if (!wrong_) wrong_ = malformed(pointer_ + "/" + name, what);
    }
    std::optional<Refused>& wrong() { return wrong_; }
    const json* find(const char* name) const {
        const auto it = object_.find(name);
        return it == object_.end() || it->is_null() ? nullptr : &*it;
    }

private:
    const json& object_;
    std::string pointer_;
    std::optional<Refused> wrong_;
};

Parsed<json> document_of(const http::Request& request) {
    auto document = http::parse_json_body(request.body);
    if (!document) return malformed(document.error().pointer, document.error().reason);
    return {boost::system::in_place_value, std::move(*document)};
}

Parsed<bot::Media> read_medium(const json& value, const std::string& pointer) {
    if (!value.is_object()) return malformed(pointer, "must be an object with \"url\"");
    Members members(value, pointer);
    bot::Media medium{members.text("url"), members.text("type")};
    members.require(medium.url.starts_with("https://") || medium.url.starts_with("http://"), "url",
                    "must be an http or https URL");
    if (members.wrong()) return std::move(*members.wrong());
    return medium;
}

Parsed<std::vector<bot::Media>> read_media(const json* list) {
    std::vector<bot::Media> media;
    if (list == nullptr) return media;
    if (!list->is_array() || list->size() > kMostMedia)
        return malformed("/media", "must be a list of at most 32 objects");
    for (const json& value : *list) {
        auto medium = read_medium(value, "/media/" + std::to_string(media.size()));
        if (!medium) return medium.error();
        media.push_back(std::move(*medium));
    }
    return media;
}

DeliveryReport::State state_of(const std::string& status) {
    using State = DeliveryReport::State;
    if (status == "sent") return State::sent;
    if (status == "delivered") return State::delivered;
    if (status == "failed") return State::failed;
    return State::ignored;
}

/// A member of a reply that is of use only if it is what we expect.
std::string visible_member(const json& document, const char* name, std::size_t longest) {
    if (!document.is_object()) return {};
    const auto it = document.find(name);
    if (it == document.end() || !it->is_string()) return {};
    auto text = it->get<std::string>();
    return is_visible(text, longest) ? text : std::string{};
}

bool says_opted_out(const json& document) {
    if (!document.is_object()) return false;
    const auto it = document.find("opted_out");
    return it != document.end() && it->is_boolean() && it->get<bool>();
}

}  // namespace

Generic::Generic(const AccountSettings& settings, const std::string& public_url)
    : name_(settings.name),
      numbers_(settings.numbers),
      signatures_(settings.secret, settings.secret_previous),
      send_url_(settings.send_url),
      probe_url_(public_url + "/webhooks/generic/" + settings.name + "/probe"),
      answers_keywords_itself_(settings.answers_keywords_itself),
      messages_per_second_(settings.messages_per_second) {}

std::optional<Refused> Generic::verify(const http::Request& request, bot::TimePoint now) const {
    return signatures_.verify(request, now);
}

Parsed<InboundMessage> Generic::read_inbound(const http::Request& request) const {
    const auto document = document_of(request);
    if (!document) return document.error();
    Members members(*document, "");
    InboundMessage message;
    message.external_id = members.text("id");
    message.from = members.text("from");
    message.to = members.text("to");
    message.text = members.text("text");
    members.require(is_visible(message.external_id, kLongestId), "id",
                    "must be 1 to 128 visible ASCII characters");
    members.require(bot::is_e164(message.from), "from", "must be a number in E.164 form");
    members.require(bot::is_line_number(message.to), "to", "must be a number in E.164 form or a short code");
    if (members.wrong()) return std::move(*members.wrong());
    auto media = read_media(members.find("media"));
    if (!media) return media.error();
    message.media = std::move(*media);
    if (!members.has("text") && message.media.empty())
        return malformed("/text", "is missing, and there is no media");
    if (auto refused = check_number(numbers_, message, "/to")) return std::move(*refused);
    return message;
}

Parsed<DeliveryReport> Generic::read_status(const http::Request& request) const {
    const auto document = document_of(request);
    if (!document) return document.error();
    Members members(*document, "");
    DeliveryReport report;
    report.message_id = members.text("id");
    report.external_id = members.text("external_id");
    report.error_code = members.text("error_code");
    report.opted_out = members.truth("opted_out");
    report.state = state_of(members.text("status"));
    members.require(!report.message_id.empty() || !report.external_id.empty(), "id",
                    "must be ours, or \"external_id\" must be given");
    for (const auto& [name, text, longest] : {std::tuple{"id", &report.message_id, kLongestId},
                                              {"external_id", &report.external_id, kLongestId},
                                              {"error_code", &report.error_code, kLongestCode}})
        members.require(text->empty() || is_visible(*text, longest), name,
                        "must be visible ASCII, an id at most 128 characters, a code 32");
    members.require(members.has("status"), "status", "must be \"sent\", \"delivered\" or \"failed\"");
    if (members.wrong()) return std::move(*members.wrong());
    if (report.opted_out && report.state == DeliveryReport::State::ignored)
        report.state = DeliveryReport::State::failed;
    return report;
}

http::Response Generic::accepted() const {
    http::Response response;
    response.status = 204;
    return response;
}

net::OutgoingRequest Generic::build_send(const OutboundMessage& message, bot::TimePoint now) const {
    net::OutgoingRequest request;
    request.url = send_url_;
    request.body = bot::json_text(
        {{"id", message.message_id}, {"from", message.from}, {"to", message.to}, {"text", message.text}});
    request.headers = signatures_.header_lines(message.message_id, now, request.body);
    request.headers.emplace_back("Content-Type: application/json");
    return request;
}

net::OutgoingRequest Generic::build_probe(bot::TimePoint now) const {
    net::OutgoingRequest request;
    request.url = probe_url_;
    request.body = "{}";
    request.headers =
        signatures_.header_lines("probe-" + std::to_string(bot::to_millis(now)), now, request.body);
    request.headers.emplace_back("Content-Type: application/json");
    return request;
}

// There is nothing to ask but whether somebody is there: a GET hands over no text.
std::vector<net::OutgoingRequest> Generic::build_inquiries() const {
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = send_url_;
    return {request};
}

std::optional<std::string> Generic::read_inquiry(const net::IncomingReply& reply) const {
    if (reply.status >= 500) return "what sends our texts answers " + std::to_string(reply.status);
    return std::nullopt;
}

SendOutcome Generic::read_send_reply(const net::IncomingReply& reply) const {
    const json document = json::parse(reply.body, nullptr, false);
    if (reply.status >= 200 && reply.status < 300) return Sent{visible_member(document, "id", kLongestId)};
    std::string code = visible_member(document, "error_code", kLongestCode);
    if (code.empty()) code = "http_" + std::to_string(reply.status);
    if (says_opted_out(document)) return RecipientOptedOut{std::move(code)};
    const bool passing = reply.status == 408 || reply.status == 425 || reply.status == 429;
    if (passing || reply.status >= 500) return TryAgain{std::move(code), net::retry_after(reply)};
    return Rejected{std::move(code)};
}

}  // namespace webhooks::gateways
