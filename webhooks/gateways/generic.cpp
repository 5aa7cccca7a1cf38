#include "webhooks/gateways/generic.hpp"

#include <nlohmann/json.hpp>
#include <tuple>

#include "bot/json_text.hpp"
#include "webhooks/gateways/api.hpp"
#include "webhooks/gateways/fields.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;

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

bool says_opted_out(const json& document) {
    const json* const said = find(document, {"opted_out"});
    return said != nullptr && said->is_boolean() && said->get<bool>();
}

constexpr FieldNames kNames{"/id", "/from", "/to"};

}  // namespace

Generic::Generic(const AccountSettings& settings, const std::string& public_url)
    : Account(settings, public_url), signatures_(settings.secret, settings.secret_previous) {}

std::optional<Refused> Generic::verify(const http::Request& request, bot::TimePoint now) const {
    return signatures_.verify(request, now);
}

Parsed<Events> Generic::read(Endpoint endpoint, const http::Request& request) const {
    const auto document = document_of(request);
    if (!document) return document.error();
    return endpoint == Endpoint::sms ? read_inbound(*document) : read_status(*document);
}

Parsed<Events> Generic::read_inbound(const json& document) const {
    Members members(document, "");
    InboundMessage message;
    message.external_id = members.text("id");
    message.from = members.text("from");
    message.to = members.text("to");
    message.text = members.text("text");
    if (members.wrong()) return std::move(*members.wrong());
    auto media = read_media(members.find("media"));
    if (!media) return media.error();
    message.media = std::move(*media);
    if (!members.has("text") && message.media.empty())
        return malformed("/text", "is missing, and there is no media");
    Events events;
    add(events, std::move(message), kNames);
    return events;
}

Parsed<Events> Generic::read_status(const json& document) const {
    using State = DeliveryReport::State;
    Members members(document, "");
    DeliveryReport report;
    report.message_id = members.text("id");
    report.external_id = members.text("external_id");
    report.error_code = members.text("error_code");
    report.opted_out = members.truth("opted_out");
    report.state =
        state_in({{"sent", State::sent}, {"delivered", State::delivered}, {"failed", State::failed}},
                 members.text("status"));
    members.require(!report.message_id.empty() || !report.external_id.empty(), "id",
                    "must be ours, or \"external_id\" must be given");
    for (const auto& [name, text, longest] : {std::tuple{"id", &report.message_id, kLongestId},
                                              {"external_id", &report.external_id, kLongestId},
                                              {"error_code", &report.error_code, kLongestCode}})
        members.require(text->empty() || is_plain(*text, longest), name,
                        "must be visible ASCII, an id at most 128 characters, a code 32");
    members.require(members.has("status"), "status", "must be \"sent\", \"delivered\" or \"failed\"");
    if (members.wrong()) return std::move(*members.wrong());
    if (report.opted_out && report.state == State::ignored) report.state = State::failed;
    Events events;
    events.reports.push_back(std::move(report));
    return events;
}

net::OutgoingRequest Generic::build_send(const OutboundMessage& message, bot::TimePoint now) const {
    net::OutgoingRequest request;
    request.url = settings().send_url;
    request.body = bot::json_text(
        {{"id", message.message_id}, {"from", message.from}, {"to", message.to}, {"text", message.text}});
    request.headers = signatures_.header_lines(message.message_id, now, request.body);
    request.headers.emplace_back("Content-Type: application/json");
    return request;
}

net::OutgoingRequest Generic::build_probe(bot::TimePoint now) const {
    auto request = probe("{}", "application/json");
    const std::string id = "probe-" + std::to_string(bot::to_millis(now));
    for (std::string& line : signatures_.header_lines(id, now, request.body))
        request.headers.push_back(std::move(line));
    return request;
}

// There is nothing to ask but whether somebody is there: a GET hands over no text.
std::vector<net::OutgoingRequest> Generic::build_inquiries() const { return {inquiry(settings().send_url)}; }

std::optional<std::string> Generic::read_inquiry(const net::IncomingReply& reply) const {
    if (reply.status >= 500) return "what sends our texts answers " + std::to_string(reply.status);
    return std::nullopt;
}

SendOutcome Generic::read_send_reply(const net::IncomingReply& reply) const {
    const json document = reply_document(reply);
    if (reply.status >= 200 && reply.status < 300)
        return Sent{plain_or_empty(text_at(document, {"id"}), kLongestId)};
    std::string code = text_at(document, {"error_code"});
    if (says_opted_out(document)) {
        if (!is_plain(code, kLongestCode)) code = "http_" + std::to_string(reply.status);
        return RecipientOptedOut{std::move(code)};
    }
    return judge(reply, std::move(code), {});
}

}  // namespace webhooks::gateways
