#include "webhooks/net/origin.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace webhooks::net {

namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// Blanks, control characters and letters beyond ASCII stand for nothing that a gateway sends.
bool is_visible(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Url parse(const std::string& text) {
    Url url(curl_url(), &curl_url_cleanup);
    if (url && (!is_visible(text) || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK))
        url.reset();
    return url;
}

std::optional<std::string> part(const Url& url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return std::nullopt;
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
    return std::string(text);
}

}  // namespace

std::optional<std::string> origin_of(const std::string& text) {
    const Url url = parse(text);
    if (!url || part(url, CURLUPART_USER) || part(url, CURLUPART_PASSWORD)) return std::nullopt;
    const auto scheme = part(url, CURLUPART_SCHEME);
    const auto host = part(url, CURLUPART_HOST);
    if (!scheme || !host || (*scheme != "https" && *scheme != "http")) return std::nullopt;
    std::string origin = *scheme + "://" + *host;
    if (const auto port = part(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT)) origin.append(":").append(*port);
    std::transform(origin.begin(), origin.end(), origin.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return origin;
}

std::optional<std::string> redirect_target(const std::string& url, const std::string& location) {
    const Url from = parse(url);
    if (!from || location.empty() || !is_visible(location) ||
        curl_url_set(from.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK)
        return std::nullopt;
    return part(from, CURLUPART_URL);
}

}  // namespace webhooks::net
