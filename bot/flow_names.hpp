#pragma once
#include <string>

#include "bot/json_reader.hpp"

/// What names in flow files may look like, as flows/schema/flow.schema.json has it. Anything else is
/// reported; what was read is returned all the same.
namespace bot {

/// A flow or a step: "relapse", "S1".
[[nodiscard]] bool is_id(std::string_view word) noexcept;
[[nodiscard]] std::string read_id(const JsonReader& json);
/// The member `key`, which must be there.
[[nodiscard]] std::string require_id(const JsonReader& json, std::string_view key);

/// A recorded answer, a tag, a reason: "use_pattern".
[[nodiscard]] std::string read_name(const JsonReader& json);
[[nodiscard]] std::string require_name(const JsonReader& json, std::string_view key);
/// Empty when there is no such member.
[[nodiscard]] std::string name_or_none(const JsonReader& json, std::string_view key);

/// What a choice records: like a name, and may begin with a digit.
[[nodiscard]] std::string require_choice_name(const JsonReader& json, std::string_view key);

/// Members whose keys must be names, at least one.
[[nodiscard]] std::vector<std::pair<std::string, JsonReader>> named_members(const JsonReader& json);

/// A timer: "checkin.1". @param json  the timer's value, for its place
void check_timer_name(const JsonReader& json, std::string_view name);

}  // namespace bot
