#pragma once
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/problem.hpp"

namespace bot {

/// One value of a file a person wrote, with its place, so that every defect can be told with file, field and
/// how to mend it. Reading never throws and never stops at the first defect: a wrong value is reported and
/// read as absent. Cheap to copy; refers to the document, which must outlive it.
class JsonReader {
public:
    JsonReader(const nlohmann::json& value, std::string file, std::string where, Problems& problems)
        : value_(&value), file_(std::move(file)), where_(std::move(where)), problems_(&problems) {}

    [[nodiscard]] const std::string& where() const noexcept { return where_; }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    [[nodiscard]] const nlohmann::json& value() const noexcept { return *value_; }
    [[nodiscard]] Problems& problems() const noexcept { return *problems_; }

    void error(std::string what) const { problems_->push_back({file_, where_, std::move(what)}); }
    void warn(std::string what) const { problems_->push_back({file_, where_, std::move(what), true}); }

    /// Reports every key that is not among `known`. @return false when this is no object.
    bool expect_object(std::initializer_list<std::string_view> known) const;

    [[nodiscard]] bool has(std::string_view key) const;
    /// The member `key`; only when it is there.
    [[nodiscard]] std::optional<JsonReader> find(std::string_view key) const;
    /// The same, reporting its absence.
    [[nodiscard]] std::optional<JsonReader> require(std::string_view key) const;

    /// Elements of an array or members of an object, each with its place; anything else is reported.
    [[nodiscard]] std::vector<JsonReader> items() const;
    [[nodiscard]] std::vector<std::pair<std::string, JsonReader>> members() const;
    /// The same, reporting emptiness: whoever writes a list means something by it.
    [[nodiscard]] std::vector<JsonReader> some_items() const;
    [[nodiscard]] std::vector<std::pair<std::string, JsonReader>> some_members() const;

    [[nodiscard]] std::optional<std::string> string() const;
    [[nodiscard]] std::optional<int> integer() const;
    [[nodiscard]] std::optional<bool> boolean() const;
    [[nodiscard]] std::vector<std::string> strings() const;
    [[nodiscard]] std::vector<std::string> some_strings() const;

    /// Shorthands for optional members; absent or wrong gives the default.
    [[nodiscard]] std::string string_or(std::string_view key, std::string otherwise = {}) const;
    [[nodiscard]] std::string require_string(std::string_view key) const;
    [[nodiscard]] int integer_or(std::string_view key, int otherwise) const;
    [[nodiscard]] bool boolean_or(std::string_view key, bool otherwise) const;
    [[nodiscard]] std::vector<std::string> strings_or_none(std::string_view key) const;

private:
    const nlohmann::json* value_;
    std::string file_;
    std::string where_;
    Problems* problems_;
};

}  // namespace bot
