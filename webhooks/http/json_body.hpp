#pragma once
#include <boost/system/result.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace webhooks::http {

/// Why a JSON body was refused, for the problem document.
struct JsonError {
    std::string pointer;  ///< JSON pointer (RFC 6901) to the place, as far as read; empty: the whole document
    std::string reason;  ///< "not JSON", "not UTF-8", "deeper than 32", "the same key twice", "not an object"
};

/// Parse the JSON body of a webhook strictly: valid UTF-8, one object at the top, at most 32 levels deep, no
/// key twice in one object (two parsers would read two different messages). Checked while reading, so that a
/// hostile body costs no more than its length. Never throws.
[[nodiscard]] boost::system::result<nlohmann::json, JsonError> parse_json_body(std::string_view body);

}  // namespace webhooks::http
