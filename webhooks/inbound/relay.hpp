#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "webhooks/inbound/line.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::inbound {

/// A texter and whoever has their case, from phone to phone through the line's number: neither sees the
/// other's. The bot is silent meanwhile; consent and danger are looked at as ever. All inside the caller's
/// transaction.

/// What became of a text from somebody on call that is no command.
struct Relayed {
    std::string answer;  ///< to them; empty: it has gone to the texter
};
/// @return nothing when they have no case that it could be for
[[nodiscard]] std::optional<Relayed> relay_to_texter(store::StoreTx& tx, const Line& line,
                                                     const bot::Responder& who, std::string_view text,
                                                     bot::TimePoint now);

/// "BACK": the bot answers again.
[[nodiscard]] std::string hand_back(store::StoreTx& tx, const Line& line, const bot::Responder& who,
                                    std::string_view code, bot::TimePoint now);

/// "KEEP": asked whether they are still there, they are.
[[nodiscard]] std::string keep(store::StoreTx& tx, const Line& line, const bot::Responder& who,
                               std::string_view code, bot::TimePoint now);

/// What a texter has written goes to whoever writes to them from their own phone, with the case code before
/// it.
void relay_to_holder(store::StoreTx& tx, const Line& line, const store::Recorded& recorded,
                     std::string_view text, bot::TimePoint now);

}  // namespace webhooks::inbound
