#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bot/ears.hpp"
#include "bot/flow.hpp"
#include "bot/message.hpp"

namespace bot {

/// What the engine says by itself, by role; the ids are data (flows/line.json "texts").
enum class Role {
    need_first,
    opted_out,
    opted_out_in_danger,
    closed_notice,
    closed_in_danger,
    closed_meant_for_988,  ///< opted out, and writes here what was meant for 988
    opted_in,
    opted_in_open_case,
    help,
    meant_for_988,
    meant_for_hotline,
    minor,
    media,
    safe,
    unanswered,
    exhausted,
    holding,            ///< danger is open: a word now and then until somebody comes
    holding_exhausted,  ///< the same when the ladder ran out
    waiting,            ///< a person was asked for and has not come yet
    took,
    took_late,
    handed_back,
    delayed,  ///< an answer was held up for so long that it was dropped
    sign_up,  ///< somebody gave this number on the web: is it wanted?
    count_
};
inline constexpr std::size_t kRoles = static_cast<std::size_t>(Role::count_);
[[nodiscard]] std::string_view to_string(Role role) noexcept;

/// A text in every language, with what is known about it.
struct Text {
    PerLanguage<std::string> body;
    PerLanguage<std::string> no_staff;  ///< said by a line without people on call; empty: the same
    /// The same in words that carriers' filters let through: said when `body` came back filtered, and to
    /// whoever asked for plain texts. A line without people keeps to `no_staff` where there is one.
    PerLanguage<std::string> plain;
    MessageKind kind = MessageKind::reply;
    bool tells_person = false;  ///< says that a person has been told
    int segments = 2;
};

/// Words that mean the same in any step.
struct GlobalWord {
    std::string name;
    PerLanguage<PhraseList> words;
    std::string go;  ///< "menu/": a flow, or empty
    Actions actions;
    Say say;
    bool again = false;  ///< the question is said again afterwards
};

/// A question beside the matter ("are you a robot?"): answered, then the step's question is said again; or,
/// with `go`, a step of its own.
struct Digression {
    std::string name;
    std::vector<std::string> intents;
    PerLanguage<PhraseList> words;
    Say say;
    std::string go;
};

/// Where the engine itself leads (flows/line.json "steps"); each is "flow/step".
struct LineSteps {
    std::string welcome;
    std::string menu;
    std::string person;
    std::string unclear_opt_out;
    std::string minor;
    std::vector<std::string> misses;
    std::string return_open;
    std::string return_week;
    std::string return_quarter;
};

/// flows/line.json.
struct Line {
    std::array<std::string, kRoles> texts;
    LineSteps steps;
    std::map<std::string, PerLanguage<std::string>> defaults;  ///< placeholder -> words when nothing else is
    std::map<std::string, PerLanguage<std::vector<std::string>>> sets;  ///< "@yes" -> words as written
    PerLanguage<std::vector<std::string>> numbers;                      ///< words for 0, 1, 2 ...
    PerLanguage<std::vector<std::string>> days;                         ///< Sunday first, short
    PerLanguage<std::vector<std::string>> negators;                     ///< the set "@not", normalised
    PerLanguage<PhraseList> units;                                      ///< the set "@units"
    std::vector<GlobalWord> globals;
    std::vector<Digression> digressions;
};

/// One item of the clinical brief that some step must carry (flows/coverage.json, "covers" of the steps).
struct CoverageItem {
    std::string id;
    std::string heading;
    std::string item;
};

/// Flows, texts and lexicon, checked, with what the engine looks up. Immutable once loaded.
struct Content {
    std::map<std::string, Flow, std::less<>> flows;
    std::unordered_map<std::string, Text> texts;
    Line line;
    std::shared_ptr<const Ears> ears;    ///< always there once loaded
    std::vector<CoverageItem> coverage;  ///< empty: these flows follow no brief

    // Found by `load_content`.
    std::map<RiskClass, DangerRoute> danger;
    std::map<std::string, TimerRule, std::less<>> timers;
    std::map<std::string, std::string, std::less<>> by_situation;  ///< -> "slip/S1"
    std::map<std::string, std::string, std::less<>> by_intent;

    [[nodiscard]] const Text* find_text(const std::string& id) const;
    [[nodiscard]] const Step* find_step(std::string_view flow, std::string_view step) const;
    [[nodiscard]] bool is_danger_flow(std::string_view flow) const;
};

/// "slip/S1" -> {"slip", "S1"}; "slip/" and "slip" -> {"slip", ""}.
[[nodiscard]] std::pair<std::string, std::string> split_place(std::string_view place);

}  // namespace bot
