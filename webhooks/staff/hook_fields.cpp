#include "webhooks/staff/hook_fields.hpp"

#include "webhooks/config_values.hpp"
#include "webhooks/net/public_address.hpp"
#include "webhooks/oncall/managed_webhooks.hpp"

namespace webhooks::staff {

namespace {

/// 192.168.0.1, [fd00::1] and localhost; of other names nothing is known yet.
bool is_plainly_private(const Url& url) {
    std::string host = url.host;
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    boost::system::error_code is_name;
    const auto address = boost::asio::ip::make_address(host, is_name);
    return is_name ? url.loopback : !net::is_public(address);
}

}  // namespace

std::string webhook_url(Fields& fields, std::string text, const oncall::WebhookSettings& settings) {
    const auto url = parse_url(text);
    if (!url || (url->scheme != "https" && !settings.allow_private))
        fields.refuse("url", "An https URL without user name or '#'.");
    else if (!settings.allow_private && is_plainly_private(*url))
        fields.refuse("url", "Leads to a private address, which [webhooks] allow_private does not allow.");
    return text;
}

std::optional<std::set<std::string>> webhook_events(Fields& fields) {
    const auto words = fields.maybe_words("events");
    if (!words) return std::nullopt;
    for (const std::string& word : *words)
        if (!oncall::is_event_type(word)) fields.refuse("events", "Not a type of event: see event_types.");
    return std::set<std::string>(words->begin(), words->end());
}

}  // namespace webhooks::staff
