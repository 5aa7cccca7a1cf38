#pragma once
#include <doctest.h>

#include <string>
#include <utility>

#include "tests/support/files.hpp"

namespace test {

/// deploy/handrail.toml as an operator fills it in: a value for each CHANGE-ME, in the order of the file.
inline std::string filled_example() {
    std::string text = support::read_source_file("deploy/handrail.toml");
    const std::pair<std::string, std::string> values[]{
        {"public_url", "https://text.example.org"},
        {"organisation", "Riverside Recovery"},
        {"short_name", "Riverside"},
        {"helpline", "800-555-0142"},
        {"url", "riverside.example/help"},
        {"numbers", "+15550110"},
        {"account_sid", "AC0123456789abcdef0123456789abcdef"},
        {"name", "Maya"},
        {"phone", "+15550101"},
        {"name", "Luis"},
        {"phone", "+15550102"},
    };
    const std::string placeholder = "\"CHANGE-ME\"";
    std::size_t at = 0;
    for (const auto& setting : values) {
        CAPTURE(setting.first);
        const auto& [key, value] = setting;
        at = text.find(placeholder, at);
        REQUIRE(at != std::string::npos);
        const std::size_t line = text.rfind('\n', at) + 1;
        REQUIRE(text.compare(line, key.size(), key) == 0);
        text.replace(at, placeholder.size(), "\"" + value + "\"");
    }
    REQUIRE(text.find(placeholder) == std::string::npos);
    return text;
}

}  // namespace test
