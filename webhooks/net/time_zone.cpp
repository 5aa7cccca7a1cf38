#include "webhooks/net/time_zone.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace webhooks::net {

bot::UtcOffset utc_offset() {
    return [](std::string_view zone, bot::TimePoint at) -> std::chrono::seconds {
        try {
            return date::locate_zone(zone)->get_info(std::chrono::floor<std::chrono::seconds>(at)).offset;
        } catch (const std::runtime_error&) {
            return std::chrono::seconds{0};
        }
    };
}

}  // namespace webhooks::net
