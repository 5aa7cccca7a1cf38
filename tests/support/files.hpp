#pragma once
#include <doctest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace support {

/// The text of a file of the source tree; fails the test when it cannot be read.
[[nodiscard]] inline std::string read_source_file(std::string_view relative) {
    const std::string path = std::string(HANDRAIL_SOURCE_DIR "/") + std::string(relative);
    std::ifstream in(path, std::ios::binary);
    REQUIRE_MESSAGE(in, "cannot read ", path);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

[[nodiscard]] inline nlohmann::json read_source_json(std::string_view relative) {
    return nlohmann::json::parse(read_source_file(relative));
}

}  // namespace support
