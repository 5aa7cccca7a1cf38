#include "tests/ears/corpus.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace ears {

bool Example::has(std::string_view danger) const {
    return std::find(risk.begin(), risk.end(), danger) != risk.end();
}

std::vector<Example> read_corpus(const std::string& path) {
    std::ifstream in(path);
    std::vector<Example> examples;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        const auto row = nlohmann::json::parse(line, nullptr, false);
        try {
            examples.push_back({row.at("id"), row.at("text"), row.at("lang"), row.at("consent"),
                                row.at("situation"), row.at("risk"), row.at("imminent"), row.at("hard")});
        } catch (const nlohmann::json::exception& wrong) {
            std::cerr << path << ":" << number << ": " << wrong.what() << '\n';
            std::exit(2);
        }
    }
    if (examples.empty()) {
        std::cerr << path << ": no examples\n";
        std::exit(2);
    }
    return examples;
}

unsigned part_of(std::string_view text, unsigned parts) {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return static_cast<unsigned>((hash >> 32) % parts);
}

}  // namespace ears
