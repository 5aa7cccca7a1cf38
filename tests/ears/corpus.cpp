#include "tests/ears/corpus.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace ears {

namespace {

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash >> 32;
}

[[noreturn]] void give_up(const std::string& path, std::size_t line, const char* what) {
    std::cerr << path << ":" << line << ": " << what << '\n';
    std::exit(2);
}

using Choices = std::vector<std::string>;

// A template cut at its slots; plain text between them is a slot of one choice. Empty when a brace is open.
std::vector<Choices> slots_of(const std::string& line) {
    std::vector<Choices> slots;
    std::size_t at = 0;
    while (at < line.size()) {
        const std::size_t open = line.find('{', at);
        if (open != at) slots.push_back({line.substr(at, open - at)});
        if (open == std::string::npos) break;
        const std::size_t close = line.find('}', open);
        if (close == std::string::npos) return {};
        std::istringstream inner(line.substr(open + 1, close - open - 1) + "|");
        Choices choices;
        for (std::string choice; std::getline(inner, choice, '|');) choices.push_back(choice);
        slots.push_back(std::move(choices));
        at = close + 1;
    }
    return slots;
}

std::string without_double_blanks(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' || (!out.empty() && out.back() != ' ')) out.push_back(c);
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

// Texts of one template: each choice at least once, most of them twice.
Choices texts_of(const std::string& line, const std::vector<Choices>& slots) {
    std::size_t longest = 1;
    std::size_t combinations = 1;
    for (const Choices& slot : slots) {
        longest = std::max(longest, slot.size());
        combinations = std::min<std::size_t>(1000, combinations * slot.size());
    }
    Choices texts;
    for (std::size_t i = 0; i < std::min(combinations, 2 * longest); ++i) {
        std::string text;
        for (std::size_t s = 0; s < slots.size(); ++s) {
            const std::size_t round = i / slots[s].size();
            const std::uint64_t turn = hash_of(line + std::to_string(s) + ":" + std::to_string(round));
            text += slots[s][(i + turn) % slots[s].size()];
        }
        text = without_double_blanks(text);
        if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
    }
    return texts;
}

// "# s! supporter en hard": what the lines below are.
bool read_heading(const std::string& line, Example& of) {
    std::istringstream words(line.substr(1));
    std::string marks;
    std::string hard;
    if (!(words >> marks >> of.situation >> of.language)) return false;
    words >> hard;
    of.hard = hard == "hard";
    of.risk.clear();
    of.imminent = false;
    of.consent = "none";
    for (const char mark : marks) {
        if (mark == 's')
            of.risk.emplace_back("self_harm");
        else if (mark == 'o')
            of.risk.emplace_back("overdose");
        else if (mark == 'v')
            of.risk.emplace_back("violence");
        else if (mark == '!')
            of.imminent = true;
        else if (mark == 'X')
            of.consent = "opt_out";
        else if (mark == 'Y')
            of.consent = "opt_in";
        else if (mark == 'H')
            of.consent = "help";
        else if (mark != '-')
            return false;
    }
    return true;
}

}  // namespace

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
            give_up(path, number, wrong.what());
        }
    }
    if (examples.empty()) {
        std::cerr << path << ": no examples\n";
        std::exit(2);
    }
    return examples;
}

std::vector<Example> read_templates(const std::string& path) {
    std::ifstream in(path);
    std::vector<Example> examples;
    Example like;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.empty() || line.starts_with("//")) continue;
        if (line.starts_with("#")) {
            if (!read_heading(line, like)) give_up(path, number, "not a heading");
            continue;
        }
        const std::vector<Choices> slots = slots_of(line);
        if (slots.empty() || like.situation.empty()) give_up(path, number, "not a template below a heading");
        for (std::string& text : texts_of(line, slots)) {
            like.text = std::move(text);
            like.id = "line" + std::to_string(number);
            examples.push_back(like);
        }
    }
    if (examples.empty()) give_up(path, 0, "no templates");
    return examples;
}

std::vector<Example> read_examples(const std::string& path) {
    return path.ends_with(".txt") ? read_templates(path) : read_corpus(path);
}

unsigned part_of(const Example& example, unsigned parts) {
    const std::size_t writer = example.id.find('-');
    const std::uint64_t hash =
        writer == std::string::npos ? hash_of(example.text) : hash_of(example.id.substr(0, writer));
    return static_cast<unsigned>(hash % parts);
}

}  // namespace ears
