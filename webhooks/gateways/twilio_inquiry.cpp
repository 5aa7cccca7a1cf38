#include "webhooks/gateways/twilio_inquiry.hpp"

#include <curl/curl.h>
#include <date/date.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "webhooks/gateways/api.hpp"
#include "webhooks/http/form.hpp"

namespace webhooks::gateways {

namespace {

using nlohmann::json;

std::string text_member(const json& object, const char* name) {
    const auto it = object.find(name);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// A URL with a password in it is nobody's business, and neither is a query.
std::string without_secrets(const std::string& url) {
    const std::string bare = url.substr(0, url.find('?'));
    return bare.find('@') == std::string::npos ? bare : "one with a password in it";
}

std::optional<std::string> read_number(const json& number, const std::vector<std::string>& sms_urls,
                                       const std::string& vendor) {
    const std::string application = text_member(number, "sms_application_sid");
    const std::string url = text_member(number, "sms_url");
    if (!application.empty())
        return "a TwiML application answers this number, not a webhook: its own URL must be " +
               sms_urls.front();
    if (url.empty())
        return vendor +
               " calls no URL for this number (with a messaging service, the service's own webhook "
               "counts): it must be " +
               sms_urls.front();
    if (std::find(sms_urls.begin(), sms_urls.end(), url) != sms_urls.end()) return std::nullopt;
    return vendor + " calls " + without_secrets(url) + ", not " + sms_urls.front();
}

}  // namespace

std::vector<net::OutgoingRequest> twilio_inquiries(const AccountSettings& settings) {
    std::vector<net::OutgoingRequest> requests;
    for (const std::string& number : settings.numbers) {
        const bool short_code = !number.starts_with('+');
        net::OutgoingRequest request;
        request.method = "GET";
        request.url = settings.api_base + "/2010-04-01/Accounts/" + settings.account_id +
                      (short_code ? "/SMS/ShortCodes.json?" : "/IncomingPhoneNumbers.json?") +
                      http::encode_form({{short_code ? "ShortCode" : "PhoneNumber", number}});
        request.headers = {"Accept: application/json"};
        request.basic_auth = settings.account_id + ":" + settings.token;
        requests.push_back(std::move(request));
    }
    return requests;
}

std::optional<std::string> read_twilio_inquiry(const net::IncomingReply& reply,
                                               const std::vector<std::string>& sms_urls,
                                               const TwilioVendor& vendor) {
    if (reply.status == 401 || reply.status == 403)
        return vendor.name + " does not know this " + vendor.credentials;
    if (reply.status != 200) return vendor.name + " answers " + std::to_string(reply.status);
    const json document = json::parse(reply.body, nullptr, false);
    for (const char* list : {"incoming_phone_numbers", "short_codes"}) {
        if (!document.is_object() || !document.contains(list) || !document[list].is_array()) continue;
        if (document[list].empty()) return "the number is not one of this account";
        if (document[list][0].is_object()) return read_number(document[list][0], sms_urls, vendor.name);
    }
    return "what answers for the API of " + vendor.name + " is something else";
}

net::OutgoingRequest twilio_list(const AccountSettings& settings, std::string_view from, std::string_view to,
                                 bot::TimePoint since) {
    http::Form query{{"To", std::string(to)},
                     {"DateSent>", date::format("%F", std::chrono::floor<std::chrono::days>(since))},
                     {"PageSize", "1000"}};
    if (!from.empty()) query.emplace_back("From", std::string(from));
    net::OutgoingRequest request;
    request.method = "GET";
    request.url = settings.api_base + "/2010-04-01/Accounts/" + settings.account_id + "/Messages.json?" +
                  http::encode_form(query);
    request.headers = {"Accept: application/json"};
    request.most_body = kMostOfAList;
    request.basic_auth = settings.account_id + ":" + settings.token;
    return request;
}

std::optional<std::vector<TwilioListed>> read_twilio_list(const net::IncomingReply& reply,
                                                          bot::TimePoint since, bot::TimePoint until) {
    const json document = json::parse(reply.body, nullptr, false);
    if (reply.status != 200 || !document.is_object()) return std::nullopt;
    const auto list = document.find("messages");
    if (list == document.end() || !list->is_array()) return std::nullopt;
    std::vector<TwilioListed> listed;
    for (const json& message : *list) {
        if (!message.is_object()) continue;
        const std::time_t made = ::curl_getdate(text_member(message, "date_created").c_str(), nullptr);
        const std::int64_t millis = static_cast<std::int64_t>(made) * 1'000;
        TwilioListed one{text_member(message, "sid"), text_member(message, "from"),
                         text_member(message, "to"), text_member(message, "body"),
                         text_member(message, "direction") == "inbound"};
        const bool in_between =
            made < 0 ? one.inbound
                     : millis + 1'000 > bot::to_millis(since) && millis <= bot::to_millis(until);
        if (in_between && !one.sid.empty()) listed.push_back(std::move(one));
    }
    return listed;
}

}  // namespace webhooks::gateways
