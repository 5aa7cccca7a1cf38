#include "bot/json_lines.hpp"

#include <iterator>
#include <nlohmann/json.hpp>

namespace bot {

namespace {

using nlohmann::json;

// Hands the text to the parser and counts. A line break counts with the character after it: the parser reads
// one character past the end of a number.
class Counting {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Counting(const char* at, std::size_t* line) : at_(at), line_(line) {}
    reference operator*() const { return *at_; }
    Counting& operator++() {
        if (after_break_) ++*line_;
        after_break_ = *at_++ == '\n';
        return *this;
    }
    bool operator==(const Counting& other) const { return at_ == other.at_; }

private:
    const char* at_;
    std::size_t* line_;
    bool after_break_ = false;
};

// "slip/steps/S1/choices[0]" -> slip, steps, S1, choices, [0]
std::vector<std::string_view> segments_of(std::string_view where) {
    std::vector<std::string_view> segments;
    while (!where.empty()) {
        const std::size_t end = std::min(where.find_first_of("/[", 1), where.size());
        std::string_view segment = where.substr(0, end);
        if (segment.front() == '/') segment.remove_prefix(1);
        if (!segment.empty()) segments.push_back(segment);
        where.remove_prefix(end);
    }
    return segments;
}

}  // namespace

class JsonLines::Builder : public nlohmann::json_sax<json> {
public:
    Builder(JsonLines& lines, const std::size_t& line) : lines_(lines), line_(line) {}

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool string(string_t& text) override {
        const bool names = !open_.empty() && (open_.back().key == "id" || open_.back().key == "name");
        if (names && open_.size() > 1 && open_[open_.size() - 2].list) {
            const std::size_t named = open_.back().node;
            lines_.nodes_[open_[open_.size() - 2].node].members.emplace(text, named);
            lines_.by_id_.emplace(text, named);
        }
        return value();
    }
    bool start_object(std::size_t) override { return begin(false); }
    bool start_array(std::size_t) override { return begin(true); }
    bool end_object() override { return end(); }
    bool end_array() override { return end(); }
    bool key(string_t& name) override {
        Open& open = open_.back();
        open.key = name;
        open.key_line = line_;
        if (lines_.nodes_[open.node].members.contains(name)) lines_.twice_.push_back({name, line_});
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        lines_.broken_ = line_;
        return false;
    }

private:
    struct Open {
        std::size_t node;
        bool list;
        std::size_t items = 0;
        std::string key;
        std::size_t key_line = 0;
    };

    std::size_t add() {
        lines_.nodes_.push_back({line_, {}});
        const std::size_t added = lines_.nodes_.size() - 1;
        if (open_.empty()) return added;
        Open& around = open_.back();
        if (!around.list) lines_.nodes_[added].line = around.key_line;
        const std::string name =
            around.list ? "[" + std::to_string(around.items++) + "]" : std::string(around.key);
        lines_.nodes_[around.node].members.insert_or_assign(name, added);
        return added;
    }
    bool value() {
        add();
        return true;
    }
    bool begin(bool list) {
        open_.push_back({add(), list, 0, {}, 0});
        return true;
    }
    bool end() {
        open_.pop_back();
        return true;
    }

    JsonLines& lines_;
    const std::size_t& line_;
    std::vector<Open> open_;
};

JsonLines::JsonLines(std::string_view text) {
    std::size_t line = 1;
    Builder builder(*this, line);
    json::sax_parse(Counting(text.data(), &line), Counting(text.data() + text.size(), &line), &builder);
}

std::size_t JsonLines::line_of(std::string_view where, std::string_view root) const {
    if (nodes_.empty()) return 0;
    auto segments = segments_of(where);
    const bool from_root = !segments.empty() && !root.empty() && segments.front() == root;
    std::size_t node = 0;
    bool found = from_root;
    for (std::size_t i = from_root ? 1 : 0; i < segments.size(); ++i) {
        auto at = nodes_[node].members.find(segments[i]);
        if (at == nodes_[node].members.end()) {
            if (found) break;
            at = by_id_.find(segments[i]);
            if (at == by_id_.end()) return 0;
        }
        node = at->second;
        found = true;
    }
    return found ? nodes_[node].line : 0;
}

}  // namespace bot
