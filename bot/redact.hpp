#pragma once
#include <string>
#include <string_view>

namespace bot {

/// A phone number as staff may see it without asking: all but the last two digits hidden. "+15550100" ->
/// "•••••00".
[[nodiscard]] std::string mask_number(std::string_view e164);

/// True for an E.164 number: '+', a digit 1-9, then 6 to 14 digits.
[[nodiscard]] bool is_e164(std::string_view text) noexcept;
/// True for what a line may send from: an E.164 number, or a short code of 3 to 8 digits.
[[nodiscard]] bool is_line_number(std::string_view text) noexcept;

}  // namespace bot
