#pragma once
#include <string_view>

namespace webhooks::inbound {

/// What a file is by its first bytes, whatever its sender calls it: "image/jpeg", "audio/amr", "video/3gpp"
/// ... Empty for what a person has not photographed, said or filmed: pages, SVG (which may hold a script),
/// cards, programs.
[[nodiscard]] std::string_view media_type_of(std::string_view bytes) noexcept;

/// The usual end of a file's name for such a type, "jpg".
[[nodiscard]] std::string_view file_ending_of(std::string_view type) noexcept;

}  // namespace webhooks::inbound
