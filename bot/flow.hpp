#pragma once
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/consent.hpp"
#include "bot/language.hpp"
#include "bot/phrase_list.hpp"
#include "bot/priority.hpp"
#include "bot/risk.hpp"

/// What an author writes in flows/*.json, as values. The guide is flows/README.md, the schema
/// flows/schema/flow.schema.json; names here are theirs.
namespace bot {

inline constexpr std::size_t kLanguages = 2;
[[nodiscard]] constexpr std::size_t index_of(Language language) noexcept {
    return static_cast<std::size_t>(language);
}
template <class T>
using PerLanguage = std::array<T, kLanguages>;

struct Condition;

/// One thing that must hold. Which members count depends on `kind`.
struct Test {
    enum class Kind {
        language,
        consent,
        staffed,
        quiet_hours,
        local_time,
        harm_reduction,
        discreet,
        danger,
        first_contact,
        parked,
        called,
        tag,
        no_tag,
        answer,
        includes,
        number,
        any,
        negation
    };
    Kind kind = Kind::staffed;
    bool flag = true;
    Language language = Language::en;
    std::vector<Consent> consents;
    int from_minute = 0;
    int to_minute = 0;
    std::string name;                 ///< tag or field
    std::vector<std::string> values;  ///< answers that count
    std::optional<int> min;
    std::optional<int> max;
    std::string max_of;  ///< field whose number bounds this one ...
    int plus = 0;        ///< ... plus this
    std::vector<Condition> nested;
};

/// Holds when every test does; the empty condition always holds.
struct Condition {
    std::vector<Test> tests;
};

struct TagAction {
    std::string tag;
    bool on = true;
};
struct RecordAction {
    std::map<std::string, std::string> values;
};
struct CopyAction {
    std::map<std::string, std::string> from;  ///< target field -> source field
};
struct SumAction {
    std::map<std::string, std::vector<std::string>> of;
};
struct AddAction {
    std::map<std::string, int> amounts;
};
struct ForgetAction {
    std::vector<std::string> fields;
};
struct EscalateAction {
    Priority priority = Priority::p2;
    std::string reason;
    std::string heard;
};
struct RaiseAction {
    Priority priority = Priority::p0;
    std::string note;
};
struct ConsentAction {
    Consent to = Consent::recurring;
};
struct OptOutAction {};
struct LanguageAction {
    Language to = Language::en;
};
struct DiscreetAction {
    std::optional<bool> to;  ///< empty: the other way round
};
struct QuietHoldAction {
    bool on = true;
};
struct TimerAction {
    std::string name;
    std::chrono::seconds after{0};
};
struct CheckInsAction {
    std::vector<TimerAction> series;  ///< soonest first
};
struct CancelTimersAction {
    std::vector<std::string> names;  ///< "checkin.*" is every name with that beginning
};
struct BookCallAction {
    std::string when;  ///< field with the time in the texter's words
};
struct NoteAction {
    std::string text;
};

/// An effect written by an author, done only when `when` holds.
struct Action {
    Condition when;
    std::variant<TagAction, RecordAction, CopyAction, SumAction, AddAction, ForgetAction, EscalateAction,
                 RaiseAction, ConsentAction, OptOutAction, LanguageAction, DiscreetAction, QuietHoldAction,
                 TimerAction, CheckInsAction, CancelTimersAction, BookCallAction, NoteAction>
        what;
};
using Actions = std::vector<Action>;

struct SayItem {
    std::string text_id;
    Condition when;
};
using Say = std::vector<SayItem>;

/// Where to go.
struct Target {
    enum class Kind { step, flow, call, end, stay, again, park, resume };
    Kind kind = Kind::end;
    std::string flow;  ///< for flow and call
    std::string step;  ///< for step, flow and call; empty: the flow's first step
    std::string then;  ///< for call: the step of this flow to come back to
};

/// Targets in order of trying; the last one has no condition. Empty: the author named none.
struct Branch {
    Condition when;
    Target to;
};
using Next = std::vector<Branch>;

struct Choice {
    std::optional<int> number;
    std::string name;
    PerLanguage<PhraseList> words;  ///< the author's words, sets expanded, and the label shown in the text
    std::string detail;             ///< field for the words beside the choice
    Say say;
    Actions actions;
    Next next;
};

struct NumberAnswer {
    std::string field;
    int min = 0;
    int max = 10;
    Actions actions;
    Next next;
};

struct TextAnswer {
    enum class As { any, name, name_and_number, day_time };
    As as = As::any;
    std::string field;  ///< empty: understood but not kept
    std::size_t max_length = 300;
    Say say;
    Actions actions;
    Next next;
};

struct Ask {
    std::string field;
    std::vector<Choice> choices;
    std::string many;
    std::optional<NumberAnswer> number;
    std::optional<TextAnswer> text;
    Next next;
};

struct Wait {
    std::chrono::seconds after{0};
    Say say;
    Actions actions;
    Next next;
};

struct Aside {
    PerLanguage<PhraseList> words;
    Say say;
};

struct Step {
    std::string id;
    std::vector<std::string> covers;
    Actions actions;
    Say say;
    std::optional<Ask> ask;
    std::vector<Aside> asides;
    bool safety = false;
    std::optional<Wait> wait;
    int ask_again = 1;
    Next not_understood;
    Next next;

    [[nodiscard]] bool waits() const noexcept { return ask.has_value() || wait.has_value(); }
};

/// Something to say later.
struct TimerRule {
    std::string flow;
    bool proactive = false;
    Condition when;
    std::vector<std::string> at_steps;
    Say say;
    Actions actions;
    Next next;
};

/// Where a finding of one risk class enters a danger flow.
struct DangerEntry {
    std::optional<Priority> priority;
    std::string step;
};
struct DangerRoute {
    std::string flow;
    DangerEntry clear;
    std::optional<DangerEntry> imminent;
    std::optional<DangerEntry> someone_else;
    std::optional<DangerEntry> unclear;
};

struct Starts {
    std::vector<std::string> situations;
    std::vector<std::string> intents;
    PerLanguage<PhraseList> words;
    std::string step;
};

struct Flow {
    std::string id;
    int version = 1;
    std::size_t fingerprint = 0;  ///< of the file: two flows that differ say so
    std::string about;
    Starts starts;
    std::map<RiskClass, DangerRoute> danger;
    std::map<std::string, TimerRule> timers;
    std::map<std::string, Next> told;  ///< a text of the ladder ("XSH.5") -> where this flow asks it
    std::string first;
    std::map<std::string, Step> steps;
};

}  // namespace bot
