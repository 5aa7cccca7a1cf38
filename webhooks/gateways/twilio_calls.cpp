#include "webhooks/gateways/twilio_calls.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "webhooks/http/ascii.hpp"
#include "webhooks/http/form.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;

constexpr int kTooMany = 20429;
constexpr const char* kEnds[]{"completed", "busy", "no-answer", "failed", "canceled"};

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string_view text_or_empty(const http::Form& fields, std::string_view name) {
    return http::field(fields, name).value_or(std::string_view{});
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 18 && std::all_of(text.begin(), text.end(), http::is_digit);
}

}  // namespace

net::OutgoingRequest build_call(const AccountSettings& account, const std::string& public_url,
                                const CallOrder& order) {
    const std::string base = public_url + "/webhooks/twilio/" + account.name;
    net::OutgoingRequest request;
    request.url = account.api_base + "/2010-04-01/Accounts/" + account.account_id + "/Calls.json";
    request.basic_auth = account.account_id + ":" + account.token;
    request.headers = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"};
    request.body = http::encode_form({
        {"To", order.to},
        {"From", order.from},
        {"Url", base + "/voice?page=" + order.page},
        {"StatusCallback", base + "/voice-status?page=" + order.page},
        {"StatusCallbackEvent", "completed"},
        {"Timeout", std::to_string(order.ring_for.count())},
        {"MachineDetection", "Enable"},
    });
    return request;
}

CallOutcome read_call_reply(const net::IncomingReply& reply) {
    const json document = json::parse(reply.body, nullptr, false);
    const bool is_object = document.is_object();
    if (reply.status >= 200 && reply.status < 300) {
        const std::string sid = is_object && document.contains("sid") && document["sid"].is_string()
                                    ? document["sid"].get<std::string>()
                                    : std::string{};
        // Without an id the phone may ring all the same: its webhooks will tell.
        return CallPlaced{sid};
    }
    const int code = is_object && document.contains("code") && document["code"].is_number_integer()
                         ? document["code"].get<int>()
                         : 0;
    const bool passes = reply.status == 429 || reply.status >= 500 || code == kTooMany;
    return CallRefused{code != 0 ? std::to_string(code) : "http_" + std::to_string(reply.status), passes};
}

Parsed<CallNews> read_call(const http::Request& request) {
    const auto query = http::parse_form(request.query());
    if (!query) return Refused{Refusal::malformed_body, query.error().field, query.error().reason};
    const auto form = http::parse_form(request.body);
    if (!form) return Refused{Refusal::malformed_body, form.error().field, form.error().reason};
    CallNews news;
    news.page = text_or_empty(*query, "page");
    if (!is_number(news.page)) return Refused{Refusal::malformed_body, "page", "must be a number"};
    const std::string_view answered_by = text_or_empty(*form, "AnsweredBy");
    news.machine = answered_by.starts_with("machine") || answered_by == "fax";
    const std::string_view status = text_or_empty(*form, "CallStatus");
    news.over = std::find(std::begin(kEnds), std::end(kEnds), status) != std::end(kEnds);
    news.answered = status == "in-progress" && !text_or_empty(*form, "ParentCallSid").empty();
    news.dialled = text_or_empty(*form, "DialCallStatus");
    const std::string_view digits = text_or_empty(*form, "Digits");
    if (digits.size() == 1 && http::is_digit(digits.front())) news.digits = digits;
    return news;
}

http::Response put_through(std::string_view words, const Dial& dial) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
    xml.append("<Say>").append(escaped(words)).append("</Say>");
    xml.append("<Dial callerId=\"").append(escaped(dial.caller_id));
    xml.append("\" timeout=\"40\" action=\"").append(escaped(dial.action)).append("\">");
    xml.append("<Number statusCallbackEvent=\"answered\" statusCallback=\"").append(escaped(dial.status));
    xml.append("\">").append(escaped(dial.to)).append("</Number></Dial></Response>");
    return http::Response::with_type(200, "text/xml; charset=utf-8", std::move(xml));
}

http::Response say(std::string_view words, std::string_view action) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
    const std::string spoken = "<Say>" + escaped(words) + "</Say>";
    if (action.empty()) {
        xml += spoken + "<Hangup/>";
    } else {
        xml += "<Gather numDigits=\"1\" timeout=\"10\" action=\"" + escaped(action) + "\">";
        xml += spoken + "</Gather>";
        xml += "<Redirect>" + escaped(action) + "</Redirect>";  // no key was pressed
    }
    return http::Response::with_type(200, "text/xml; charset=utf-8", xml + "</Response>");
}

}  // namespace webhooks::gateways
