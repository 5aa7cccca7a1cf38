#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace bot {

/// JSON on one line. Bytes that are not UTF-8, which a text may hold, are replaced and never thrown at.
[[nodiscard]] std::string json_text(const nlohmann::json& value);

}  // namespace bot
