#pragma once
#include <concepts>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace bot {

/// JSON on one line. Bytes that are not UTF-8, which a text may hold, are replaced and never thrown at.
[[nodiscard]] std::string json_text(const nlohmann::json& value);
/// The same with members in the order they were put in. A template, so that braces mean the other one.
template <std::same_as<nlohmann::ordered_json> Ordered>
[[nodiscard]] std::string json_text(const Ordered& value);

}  // namespace bot
