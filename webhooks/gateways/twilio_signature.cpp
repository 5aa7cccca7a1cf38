#include "webhooks/gateways/twilio_signature.hpp"

#include <algorithm>

#include "webhooks/net/digest.hpp"

namespace webhooks::gateways {

std::string twilio_signature(std::string_view auth_token, std::string_view url, const http::Form& fields,
                             Repeated repeated) {
    http::Form sorted = fields;
    if (repeated == Repeated::once_each) {
        std::sort(sorted.begin(), sorted.end());
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    } else {
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
    }
    std::string text(url);
    for (const auto& [name, value] : sorted) text.append(name).append(value);
    return net::hmac_sha1_base64(auth_token, text);
}

std::vector<std::string> signed_forms(const std::string& public_url) {
    std::vector<std::string> forms{public_url};
    const std::size_t scheme_end = public_url.find("://");
    if (scheme_end == std::string::npos) return forms;
    const std::size_t begin = scheme_end + 3;
    const std::size_t end = std::min(public_url.find('/', begin), public_url.size());
    const std::string before = public_url.substr(0, begin);
    std::string authority = public_url.substr(begin, end - begin);
    const std::string after = public_url.substr(end);

    // Colons may also stand in a user name and in an IPv6 address.
    const std::size_t host_end = authority.find_last_of("]@");
    const std::size_t port = authority.find(':', host_end == std::string::npos ? 0 : host_end);
    const bool has_port = port != std::string::npos;
    if (has_port) {
        authority.resize(port);
        forms.push_back(before + authority + after);
    } else {
        authority += before == "https://" ? ":443" : ":80";
        forms.push_back(before + authority + after);
    }
    return forms;
}

}  // namespace webhooks::gateways
