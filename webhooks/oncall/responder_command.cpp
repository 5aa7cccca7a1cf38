#include "webhooks/oncall/responder_command.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace webhooks::oncall {

namespace {

using Words = std::set<std::string, std::less<>>;
using Verb = ResponderCommand::Verb;

constexpr std::size_t kShortestCode = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Runs of letters and runs of digits, lower case; an apostrophe joins ("can't" is "cant").
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    bool open = false;
    for (const char c : text) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        const bool letter = lower >= 'a' && lower <= 'z';
        if (c == '\'') continue;
        if (!letter && !is_digit(c)) {
            open = false;
            continue;
        }
        if (!open || is_digit(words.back().back()) != is_digit(c)) words.emplace_back();
        words.back() += lower;
        open = true;
    }
    return words;
}

bool is_code(const std::string& word) { return word.size() >= kShortestCode && is_digit(word.front()); }

/// What carriers take for an opt-out, when it is the whole text.
bool is_stop(const std::vector<std::string>& words) {
    static const Words kStop{"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"};
    std::string joined;
    for (const std::string& word : words) joined += word;
    return kStop.contains(joined);
}

bool is_negation(const std::string& word) {
    static const Words kNot{"no", "not", "dont", "cant", "cannot", "wont", "pass", "unable", "nobody"};
    return kNot.contains(word);
}

/// Without a code only the verb itself counts, and what politeness adds to it.
bool is_bare(const std::vector<std::string>& words) {
    static const Words kPolite{"on", "it", "got", "me", "thanks", "thank", "you", "thx", "ty", "please"};
    return std::all_of(words.begin() + 1, words.end(),
                       [](const std::string& word) { return kPolite.contains(word); });
}

Verb verb_of(const std::string& word, bool with_code) {
    static const Words kTake{"ack", "acknowledge", "acknowledged"};
    static const Words kTakeWithCode{"ok", "okay", "yes", "taking", "take", "mine"};
    static const Words kReached{"reached", "talking"};
    static const Words kClose{"done", "close", "closed"};
    if (kTake.contains(word) || (with_code && kTakeWithCode.contains(word))) return Verb::take;
    if (word == "pass") return Verb::pass;
    if (word == "back") return Verb::back;
    if (word == "keep") return Verb::keep;
    if (word == "call") return Verb::call;
    if (kReached.contains(word)) return Verb::reached;
    return kClose.contains(word) ? Verb::close : Verb::none;
}

constexpr std::size_t kLongestReason = 200;

/// What was written after the code, without the punctuation that joins the two.
std::string reason_after(std::string_view text, std::string_view code) {
    std::string_view rest = text.substr(std::min(text.size(), text.find(code) + code.size()));
    const std::size_t begin = rest.find_first_not_of(" \t\r\n.,:;-");
    if (begin == std::string_view::npos) return {};
    rest = rest.substr(begin, kLongestReason);
    return std::string(rest.substr(0, rest.find_last_not_of(" \t\r\n") + 1));
}

/// The menu of a call, and a verb alone.
ResponderCommand read_bare(const std::vector<std::string>& words) {
    if (words.size() == 1 && words[0] == "1") return {Verb::take, {}, false, {}};
    if (words.size() == 1 && words[0] == "2") return {Verb::pass, {}, false, {}};
    if (!is_bare(words)) return {};
    const bool may_be_said_to_them = words[0] == "call" || words[0] == "keep";  // "call me", "keep it"
    if (may_be_said_to_them && words.size() > 1) return {};
    return {verb_of(words[0], false), {}, false, {}};
}

}  // namespace

ResponderCommand read_command(std::string_view text) {
    const auto words = words_of(text);
    if (words.empty()) return {};
    if (is_stop(words)) return {Verb::stop, {}, true, {}};
    const auto code = std::ranges::find_if(words, is_code);
    if (code == words.end()) return read_bare(words);
    if (std::any_of(code + 1, words.end(), is_code)) return {};

    const bool code_first = code == words.begin();  // "8228", "8228 done"
    const Verb second = code_first && words.size() > 1 ? verb_of(words[1], true) : Verb::none;
    const bool pure = second == Verb::none || second == Verb::take;
    const Verb verb = !code_first ? verb_of(words[0], true) : pure ? Verb::take : second;
    if (verb == Verb::none) return {};
    if (verb == Verb::keep && words.size() != 2) return {};  // "keep calling 5550198" is said to the texter
    if (verb == Verb::pass) return {verb, *code, !code_first, {}};
    if (verb == Verb::close && !code_first) {  // a reason may say "not alone": only "done 8228 no" takes back
        const bool negated = code + 1 != words.end() && is_negation(*(code + 1));
        const bool no_answer =
            negated && *(code + 1) == "no" && code + 2 != words.end() && *(code + 2) == "answer";
        if (negated && !no_answer) return {};
        return {verb, *code, true, reason_after(text, *code)};
    }
    if (std::ranges::any_of(words, is_negation)) return {};
    return {verb, *code, !code_first, {}};
}

}  // namespace webhooks::oncall
