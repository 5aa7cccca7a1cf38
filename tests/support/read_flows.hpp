#pragma once
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bot/flow_loader.hpp"

namespace support {

/// The files of a flows directory, relative names ("texts/en.json"); JSON only.
[[nodiscard]] inline std::vector<bot::ContentFile> read_flows(const std::string& directory) {
    namespace fs = std::filesystem;
    std::vector<bot::ContentFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        files.push_back({fs::relative(entry.path(), directory).generic_string(),
                         {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return files;
}

}  // namespace support
