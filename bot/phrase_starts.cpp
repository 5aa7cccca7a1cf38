#include "bot/phrase_starts.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bot {

namespace {

constexpr std::uint32_t hash(std::string_view letters) noexcept {
    std::uint32_t h = 2166136261U;  // FNV-1a
    for (const char c : letters) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
    return h ^ (h >> 16);
}

constexpr std::size_t kMostChoices = 16;  // of one letter; more count as any

/// A part of a pattern.
struct Node {
    enum class Kind { letter, any_letter, nothing, sequence, choice, repeat };
    Kind kind = Kind::nothing;
    std::string letters;      // of `letter`: one of these
    std::vector<Node> parts;  // of the others
    std::size_t least = 0, most = 0;
};

}  // namespace

/// Parses a pattern and walks all ways to begin it, up to the end of the first word.
class PhraseStarts::Reader {
public:
    Reader(PhraseStarts& starts, std::string_view pattern) : starts_(starts), rest_(pattern) {}

    void read() {
        const Node root = parse_choice();
        if (!understood_ || !rest_.empty()) {
            starts_.all_ = true;
            return;
        }
        // A phrase ends with a word.
        walk(root, "", [&](const std::string& letters) { starts_.add_start(letters + ' ', true); });
    }

private:
    using Then = std::function<void(const std::string&)>;

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    Node parse_choice() {
        Node choice{Node::Kind::choice, {}, {}, 0, 0};
        do choice.parts.push_back(parse_sequence());
        while (take('|'));
        return choice;
    }

    Node parse_sequence() {
        Node sequence{Node::Kind::sequence, {}, {}, 0, 0};
        while (understood_ && !rest_.empty() && rest_[0] != '|' && rest_[0] != ')')
            sequence.parts.push_back(parse_repeat(parse_one()));
        return sequence;
    }

    Node parse_one() {
        const char c = rest_[0];
        rest_.remove_prefix(1);
        if (c == '(') {
            if (take('?') && !take(':')) understood_ = false;
            Node group = parse_choice();
            if (!take(')')) understood_ = false;
            return group;
        }
        if (c == '[') return parse_class();
        if (c == '\\') return parse_escape();
        if (c == '^' || c == '$') return {};  // taken to hold
        if (std::string_view(".*+?{").find(c) != std::string_view::npos) understood_ = false;
        return {Node::Kind::letter, std::string(1, c), {}, 0, 0};
    }

    Node parse_escape() {
        if (rest_.empty()) {
            understood_ = false;
            return {};
        }
        const char c = rest_[0];
        rest_.remove_prefix(1);
        if (c == 'b' || c == 'z') return {};
        if (c == 'w' || c == 'd' || c == 'S') return {Node::Kind::any_letter, {}, {}, 0, 0};
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) understood_ = false;
        return {Node::Kind::letter, std::string(1, c), {}, 0, 0};
    }

    Node parse_class() {
        const std::size_t close = rest_.find(']', 1);
        if (close == std::string_view::npos || rest_.substr(0, close).find('\\') != std::string_view::npos) {
            understood_ = false;
            return {};
        }
        const std::string_view inside = rest_.substr(0, close);
        rest_.remove_prefix(close + 1);
        std::string letters;
        for (std::size_t i = 0; i < inside.size(); ++i) {
            const bool range = i + 2 < inside.size() && inside[i + 1] == '-';
            for (int c = inside[i]; c <= (range ? inside[i + 2] : inside[i]); ++c)
                letters.push_back(static_cast<char>(c));
            if (range) i += 2;
        }
        if (inside.starts_with('^') || letters.size() > kMostChoices)
            return {Node::Kind::any_letter, {}, {}, 0, 0};
        return {Node::Kind::letter, letters, {}, 0, 0};
    }

    Node parse_repeat(Node one) {
        std::size_t least = 1;
        std::size_t most = 1;
        if (take('?')) {
            least = 0;
        } else if (take('*')) {
            least = 0;
            most = kLetters;
        } else if (take('+')) {
            most = kLetters;
        } else if (rest_.starts_with('{')) {
            read_counts(least, most);
        } else {
            return one;
        }
        if (rest_.starts_with('?') || rest_.starts_with('+')) understood_ = false;
        return {Node::Kind::repeat, {}, {std::move(one)}, least, most};
    }

    // "{2}", "{2,}", "{0,3}". Letters past kLetters are not looked at, so no more repeats are needed.
    void read_counts(std::size_t& least, std::size_t& most) {
        const std::size_t close = rest_.find('}');
        if (close == std::string_view::npos) {
            understood_ = false;
            return;
        }
        const char* const end = rest_.data() + close;
        auto number = std::from_chars(rest_.data() + 1, end, least);
        most = least;
        if (number.ec == std::errc{} && number.ptr != end && *number.ptr == ',') {
            most = kLetters;
            if (number.ptr + 1 != end) number = std::from_chars(number.ptr + 1, end, most);
        }
        if (number.ec != std::errc{}) understood_ = false;
        least = std::min(least, kLetters);
        most = std::min(most, kLetters);
        rest_.remove_prefix(close + 1);
    }

    void walk(const Node& node, const std::string& letters, const Then& then) {
        switch (node.kind) {
            case Node::Kind::nothing:
                return then(letters);
            case Node::Kind::any_letter:
                return starts_.add_start(letters, false);
            case Node::Kind::letter:
                for (const char c : node.letters) {
                    const std::string longer = letters + c;
                    if (c == ' ' || longer.size() == kLetters)
                        starts_.add_start(longer, true);
                    else
                        then(longer);
                }
                return;
            case Node::Kind::choice:
                for (const Node& part : node.parts) walk(part, letters, then);
                return;
            case Node::Kind::sequence:
                return walk_sequence(node, 0, letters, then);
            case Node::Kind::repeat:
                return walk_repeat(node, 0, letters, then);
        }
    }

    void walk_sequence(const Node& node, std::size_t next, const std::string& letters, const Then& then) {
        if (next == node.parts.size()) return then(letters);
        walk(node.parts[next], letters,
             [&](const std::string& longer) { walk_sequence(node, next + 1, longer, then); });
    }

    void walk_repeat(const Node& node, std::size_t done, const std::string& letters, const Then& then) {
        if (done >= node.least) then(letters);
        if (done >= node.most) return;
        walk(node.parts[0], letters, [&](const std::string& longer) {
            if (longer.size() > letters.size()) return walk_repeat(node, done + 1, longer, then);
            if (done < node.least) then(longer);  // it can be empty any number of times
        });
    }

    PhraseStarts& starts_;
    std::string_view rest_;
    bool understood_ = true;
};

void PhraseStarts::add(std::string_view pattern) { Reader(*this, pattern).read(); }

void PhraseStarts::add_start(std::string_view letters, bool whole) {
    if (whole) {
        whole_.set(hash(letters) % whole_.size());
    } else if (letters.empty()) {
        all_ = true;
    } else {
        open_.set(hash(letters) % open_.size());
        open_lengths_.set(letters.size());
    }
}

bool PhraseStarts::may_begin(std::string_view text) const noexcept {
    if (all_) return true;
    char letters[kLetters];
    std::size_t count = 0;
    while (count < kLetters) {
        letters[count] = count < text.size() ? text[count] : ' ';
        if (letters[count++] == ' ') break;
        if (count < kLetters && open_lengths_.test(count) &&
            open_.test(hash({letters, count}) % open_.size()))
            return true;
    }
    return whole_.test(hash({letters, count}) % whole_.size());
}

}  // namespace bot
