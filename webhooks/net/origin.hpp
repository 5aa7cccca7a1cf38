#pragma once
#include <optional>
#include <string>

namespace webhooks::net {

// URLs that somebody else has chosen, read by the very parser that will fetch them (libcurl's): a second one
// might see another host in them.

/// "https://host", or with a port that is not the scheme's own, in lower case; of an absolute http or https
/// URL without user name and password. Nothing for anything else.
[[nodiscard]] std::optional<std::string> origin_of(const std::string& url);

/// Where a reply's `Location` leads, seen from the URL that was asked. Nothing when it is no URL.
[[nodiscard]] std::optional<std::string> redirect_target(const std::string& url, const std::string& location);

}  // namespace webhooks::net
