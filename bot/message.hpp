#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bot {

/// What an outgoing message is for. The order is the order of sending: a lower value leaves first
/// (DESIGN 5: crisis text, page > opt-out confirmation > staff reply > bot reply > check-in).
enum class MessageKind : std::uint8_t { crisis, page, opt_out_confirm, staff, reply, check_in };

[[nodiscard]] constexpr std::string_view to_string(MessageKind kind) noexcept {
    switch (kind) {
        case MessageKind::crisis:
            return "crisis";
        case MessageKind::page:
            return "page";
        case MessageKind::opt_out_confirm:
            return "opt_out_confirm";
        case MessageKind::staff:
            return "staff";
        case MessageKind::reply:
            return "reply";
        case MessageKind::check_in:
            return "check_in";
    }
    return "reply";
}

/// What a gateway itself has already done about a reserved word (Twilio's `OptOutType`).
enum class CarrierKeyword : std::uint8_t { none, stop, start, help };

/// A picture or other attachment of an inbound message: kept as a reference, never fetched by the core.
struct Media {
    std::string url;
    std::string content_type;
};

}  // namespace bot
