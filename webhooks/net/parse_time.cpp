#include "webhooks/net/parse_time.hpp"

#include <date/date.h>

#include <sstream>
#include <string>

namespace webhooks::net {

std::optional<bot::TimePoint> parse_time(std::string_view text) {
    for (const char* format : {"%FT%TZ", "%FT%T%Ez", "%FT%T%z"}) {
        std::istringstream in{std::string(text)};
        bot::TimePoint at;
        in >> date::parse(format, at);
        if (!in.fail() && in.peek() == std::istringstream::traits_type::eof()) return at;
    }
    return std::nullopt;
}

}  // namespace webhooks::net
