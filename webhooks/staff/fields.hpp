#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/time.hpp"
#include "webhooks/http/message.hpp"

namespace webhooks::staff {

/// Reads the members of a JSON object strictly: the first defect is kept, what follows reads as empty, and a
/// member nobody asked for is a defect too. Ask `problem()` before anything is done.
class Fields {
public:
    explicit Fields(const nlohmann::json& body) : body_(body) {}

    /// Lengths in letters. No control characters but line breaks and tabs.
    std::string text(const std::string& name, std::size_t least, std::size_t most);
    std::optional<std::string> maybe_text(const std::string& name, std::size_t most);
    std::int64_t number(const std::string& name);
    bool flag(const std::string& name);  ///< absent: false
    std::optional<bool> maybe_flag(const std::string& name);
    /// Absent: nothing.
    std::optional<std::vector<std::string>> maybe_words(const std::string& name);
    bot::TimePoint time(const std::string& name);

    void refuse(const std::string& name, std::string why);
    /// A 400 with the field at fault; nothing when all is well.
    [[nodiscard]] std::optional<http::Response> problem() const;

private:
    const nlohmann::json* find(const std::string& name, bool required);
    std::string checked(const std::string& name, const nlohmann::json& value, std::size_t least,
                        std::size_t most);

    const nlohmann::json& body_;
    std::set<std::string> asked_;
    std::string field_, why_;
};

}  // namespace webhooks::staff
