#include "bot/transcript.hpp"

#include <algorithm>
#include <charconv>

#include "bot/content.hpp"
#include "bot/transcript_state.hpp"

namespace bot {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    return text;
}

bool is_text_id(std::string_view word) {
    return word.size() >= 5 && word[3] == '.' &&
           std::all_of(word.begin(), word.begin() + 3, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
           word.find(' ') == std::string_view::npos;
}

// "\n" as the author writes it, to a line break and back.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == 'n') {
            out += '\n';
            ++i;
        } else {
            out += text[i];
        }
    return out;
}
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\n' ? std::string("\\n") : std::string(1, c);
    return out;
}

std::string rest_of(const std::vector<std::string>& words, std::size_t from) {
    std::string out;
    for (std::size_t i = from; i < words.size(); ++i) out += (i > from ? " " : "") + words[i];
    return out;
}

class Player {
public:
    Player(std::shared_ptr<const Content> content, LineSettings line, UtcOffset utc_offset)
        : content_(std::move(content)), line_(std::move(line)), utc_offset_(std::move(utc_offset)) {}

    TranscriptResult play(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            ++number_;
            read_line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        close_turn();
        return std::move(result_);
    }

private:
    void differ(std::size_t line, std::string what) {
        if (!result_.ok()) return;
        result_.line = line;
        result_.difference = std::move(what);
    }
    void write(std::string_view line) {
        result_.rewritten += line;
        result_.rewritten += '\n';
    }

    void read_line(std::string_view raw) {
        const std::string_view line = trimmed(raw);
        if (line.empty() || line.front() == '#') {
            // The turn's own lines come before what separates it from the next.
            close_turn();
            write(line);
            return;
        }
        const std::string_view rest = trimmed(line.substr(1));
        switch (line.front()) {
            case '<':
                expected_texts_.push_back({std::string(rest), number_});
                break;
            case '!':
                expected_effects_.push_back({std::string(rest), number_});
                break;
            case '=':
                expected_states_.push_back({std::string(rest), number_});
                break;
            case '>':
            case '+':
            case '*':
                close_turn();
                write(line);
                act(line.front(), rest);
                break;
            default:
                write(line);
                header(line);
        }
    }

    void header(std::string_view line) {
        const std::size_t blank = std::min(line.find(' '), line.size());
        const std::string_view key = line.substr(0, blank);
        const std::string value(trimmed(line.substr(blank)));
        if (key == "title") {
            result_.title = value;
        } else if (key == "lang") {
            state_.language = parse_language(value).value_or(Language::en);
            if (!parse_language(value)) differ(number_, "lang is en or es");
        } else if (key == "at") {
            if (!parse_instant(value, now_)) differ(number_, "at needs an instant like 2026-03-07T07:10:00Z");
        } else if (key == "given") {
            for (const std::string& word : words_of(value)) given(word);
            if (state_.consent != Consent::none && state_.consent != Consent::pending && !state_.last_inbound)
                state_.last_inbound = now_ - std::chrono::hours{1};
        } else {
            differ(number_, "a line begins with title, lang, at, given or one of > < ! = + * #");
        }
    }

    void given(const std::string& word) {
        if (word.starts_with("staffed=")) {
            line_.staffed = word != "staffed=no";
        } else if (word.starts_with("harm_reduction=")) {
            line_.harm_reduction = word != "harm_reduction=no";
        } else if (word.starts_with("answer_keywords=")) {
            answer_keywords_ = word != "answer_keywords=no";
        } else if (!apply_given(word, *content_, now_, state_)) {
            differ(number_, "given knows no \"" + word + "\"");
        }
    }

    void act(char kind, std::string_view rest) {
        began_ = true;
        acted_at_ = number_;
        if (kind == '>') {
            receive(rest);
        } else if (kind == '+') {
            std::chrono::seconds span{0};
            if (!parse_span(rest, span)) differ(number_, "+ needs a time like 20m");
            pass(span);
        } else {
            staff(words_of(rest));
        }
    }

    void advance(const Event& event) {
        const Engine engine(content_, line_, utc_offset_);
        Turn turn = engine.advance(std::move(state_), event, now_);
        state_ = std::move(turn.next);
        result_.visited.insert(turn.visited.begin(), turn.visited.end());
        for (Effect& effect : turn.effects) {
            if (auto* text = std::get_if<SendText>(&effect)) {
                last_said_ = {text->text_id, text->kind, now_, "30007", true};
                texts_.push_back(std::move(*text));
            } else
                effects_.push_back(describe(effect));
        }
    }

    void receive(std::string_view body) {
        MessageReceived message;
        message.we_answer_keywords = answer_keywords_;
        if (body.ends_with("[image]")) {
            message.media.push_back({"", "image/jpeg"});
            body = trimmed(body.substr(0, body.size() - 7));
        }
        message.text = unescaped(body);
        advance(message);
    }

    void pass(std::chrono::seconds span) {
        const TimePoint until = now_ + span;
        for (int fired = 0; fired < 1000; ++fired) {
            const auto due =
                std::min_element(state_.timers.begin(), state_.timers.end(),
                                 [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
            if (due == state_.timers.end() || due->second.due > until) break;
            now_ = std::max(now_, due->second.due);
            advance(TimerFired{due->first, due->second.turn});
        }
        now_ = until;
    }

    void staff(const std::vector<std::string>& words) {
        using What = EscalationChanged::What;
        const std::string what = words.empty() ? "" : words[0];
        const std::string whom = words.size() > 1 ? words[1] : "";
        const Priority priority = state_.danger ? state_.danger->priority : Priority::p2;
        if (what == "took")
            advance(StaffTook{whom});
        else if (what == "wrote")
            advance(StaffWrote{whom, rest_of(words, 2)});
        else if (what == "noted")
            advance(StaffNoted{whom});
        else if (what == "stays")
            advance(StaffStays{whom});
        else if (what == "back")
            advance(StaffHandedBack{whom, rest_of(words, 2)});
        else if (what == "unanswered")
            advance(EscalationChanged{What::unanswered, priority, "", whom});
        else if (what == "exhausted")
            advance(EscalationChanged{What::exhausted, priority, "", whom});
        else if (what == "acknowledged")
            advance(EscalationChanged{What::acknowledged, priority, whom, ""});
        else if (what == "resolved")
            advance(EscalationChanged{What::resolved, priority, whom, ""});
        else if (what == "carrier")
            advance(CarrierOptedOut{whom});
        else if (what == "late")
            advance(TextTooLate{now_});
        else if (what == "filtered")
            advance(last_said_);
        else if (what == "visit" && whom == "missed")
            advance(VisitMissed{});
        else if (what == "visit" && whom == "cancelled")
            advance(VisitCancelled{});
        else if (std::chrono::seconds ahead{}; what == "visit" && parse_span(whom, ahead))
            advance(VisitSet{now_ + ahead});
        else if (what == "call")
            call_back(whom);
        else if (what == "signup" && parse_language(whom))
            advance(SignedUp{*parse_language(whom), ""});
        else
            differ(
                number_,
                "* knows took, wrote, noted, stays, back, unanswered, exhausted, acknowledged, resolved, "
                "carrier, late, filtered, "
                "signup en "
                "or es, visit with a time ahead like 50h, missed or cancelled, and call with a time ahead, "
                "due, late, done, missed or cancelled");
    }

    void call_back(const std::string& what) {
        std::chrono::seconds ahead{};
        if (what == "due" || what == "late")
            advance(TaskDue{TaskKind::call_back, what == "late"});
        else if (what == "done" || what == "missed" || what == "cancelled")
            advance(CallBackEnded{what == "done"     ? TaskEnd::done
                                  : what == "missed" ? TaskEnd::missed
                                                     : TaskEnd::cancelled});
        else if (parse_span(what, ahead))
            advance(CallBackSet{now_ + ahead});
        else
            differ(number_, "* call takes a time ahead like 50h, due, late, done, missed or cancelled");
    }

    struct Expected {
        std::string text;
        std::size_t line;
    };

    static std::string shown(const SendText& text) { return text.text_id + " (" + escaped(text.text) + ")"; }

    void compare_texts() {
        std::erase_if(expected_texts_, [](const Expected& e) { return e.text == "(silent)"; });
        for (std::size_t i = 0; i < std::max(expected_texts_.size(), texts_.size()); ++i) {
            const bool expected = i < expected_texts_.size();
            if (i >= texts_.size()) {
                differ(expected_texts_[i].line,
                       "expected " + expected_texts_[i].text + ", but nothing was said");
                break;
            }
            if (!expected) {
                differ(acted_at_, "also said " + shown(texts_[i]));
                write("< " + (texts_[i].text_id.empty() ? escaped(texts_[i].text) : texts_[i].text_id));
                continue;
            }
            const std::string& wanted = expected_texts_[i].text;
            const std::string came = is_text_id(wanted) ? texts_[i].text_id : escaped(texts_[i].text);
            if (wanted != came)
                differ(expected_texts_[i].line, "expected " + wanted + ", said " + shown(texts_[i]));
            write("< " + came);
        }
    }

    void compare_effects() {
        for (const Expected& wanted : expected_effects_) {
            const bool none = wanted.text == "none" && effects_.empty();
            const bool there = std::any_of(effects_.begin(), effects_.end(), [&](const std::string& effect) {
                return effect.starts_with(wanted.text);
            });
            if (!none && !there) {
                std::string all;
                for (const std::string& effect : effects_) all += (all.empty() ? "" : "; ") + effect;
                differ(wanted.line, "no effect \"" + wanted.text + "\"; there were: " + all);
            }
            if (none || there) write("! " + wanted.text);
        }
        if (expected_effects_.empty()) return;
        for (const std::string& effect : effects_) {
            const bool written = std::any_of(expected_effects_.begin(), expected_effects_.end(),
                                             [&](const Expected& e) { return effect.starts_with(e.text); });
            if (!written && !effect.starts_with("timer ") && !effect.starts_with("cancel timer "))
                if (!result_.ok()) write("! " + effect);
        }
    }

    void compare_states() {
        for (const Expected& wanted : expected_states_) {
            std::string line = "=";
            for (const std::string& word : words_of(wanted.text)) {
                const std::string came = state_word(word, state_);
                if (came != word) differ(wanted.line, "expected " + word + ", the state is " + came);
                line += " " + came;
            }
            write(line);
        }
    }

    // Everything said about the last action has been read: compare.
    void close_turn() {
        if (!began_ && (!expected_texts_.empty() || !expected_effects_.empty()))
            differ(number_, "nothing has happened yet that could be answered");
        compare_texts();
        compare_effects();
        compare_states();
        expected_texts_.clear();
        expected_effects_.clear();
        expected_states_.clear();
        texts_.clear();
        effects_.clear();
    }

    std::shared_ptr<const Content> content_;
    LineSettings line_;
    UtcOffset utc_offset_;
    Conversation state_;
    TimePoint now_ = from_millis(1'772'902'800'000);  // 2026-03-07T17:00:00Z
    bool answer_keywords_ = true;
    bool began_ = false;
    std::size_t number_ = 0;
    std::size_t acted_at_ = 0;
    std::vector<SendText> texts_;
    TextNotDelivered last_said_;  ///< the last text, as a carrier filters it
    std::vector<std::string> effects_;
    std::vector<Expected> expected_texts_, expected_effects_, expected_states_;
    TranscriptResult result_;
};

bool number_at(std::string_view text, std::size_t from, std::size_t length, int& out) {
    const char* end = text.data() + from + length;
    return std::from_chars(text.data() + from, end, out).ptr == end;
}

}  // namespace

LineSettings transcript_line() {
    LineSettings line;
    line.placeholders = {{"org", "Harbor Line"},   {"short", "Harbor"},      {"helpline", "555-010-0100"},
                         {"url", "example.org/t"}, {"spot", "877-696-1996"}, {"n", "15"}};
    return line;
}

TranscriptResult play_transcript(std::string_view text, std::shared_ptr<const Content> content,
                                 LineSettings line, UtcOffset utc_offset) {
    return Player(std::move(content), std::move(line), std::move(utc_offset)).play(text);
}

bool parse_instant(std::string_view text, TimePoint& out) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':' || text[19] != 'Z')
        return false;
    if (!number_at(text, 0, 4, year) || !number_at(text, 5, 2, month) || !number_at(text, 8, 2, day) ||
        !number_at(text, 11, 2, hour) || !number_at(text, 14, 2, minute) || !number_at(text, 17, 2, second))
        return false;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return false;
    out = std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
          std::chrono::seconds{second};
    return true;
}

bool parse_span(std::string_view text, std::chrono::seconds& out) {
    int amount = 0;
    if (text.size() < 2 || text.size() > 8 || !number_at(text, 0, text.size() - 1, amount) || amount < 0)
        return false;
    switch (text.back()) {
        case 's':
            out = std::chrono::seconds{amount};
            return true;
        case 'm':
            out = std::chrono::minutes{amount};
            return true;
        case 'h':
            out = std::chrono::hours{amount};
            return true;
        case 'd':
            out = std::chrono::hours{24L * amount};
            return true;
        default:
            return false;
    }
}

}  // namespace bot
