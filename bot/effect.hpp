#pragma once
#include <optional>
#include <string>
#include <variant>

#include "bot/consent.hpp"
#include "bot/message.hpp"
#include "bot/priority.hpp"
#include "bot/task_kind.hpp"
#include "bot/time.hpp"

namespace bot {

/// Where in the flows something is said, and by which version.
struct Position {
    std::string flow;
    std::string step;
    int version = 1;
    bool entered = false;  ///< on the stack: its effects are done, coming back only repeats the question

    bool operator==(const Position&) const = default;
};

/// Say something to the texter: becomes a row of the outbox.
struct SendText {
    std::string text_id;  ///< "SLP.1"
    std::string text;     ///< in the texter's language, placeholders filled, ready for the wire
    MessageKind kind = MessageKind::reply;
    Position said_by;
};

/// One line of the append-only consent ledger. The shell adds time and message id.
struct ChangeConsent {
    Consent to = Consent::none;
    std::string source;   ///< "keyword", "plain_words", "carrier", "answer", "first_text", "silence",
                          ///< "web_sign_up"
    std::string rule;     ///< lexicon rule or carrier code
    std::string wording;  ///< the texter's exact words; the page's, for a sign-up
};

/// A human is needed. Written before anything else of the same turn (content brief 3B).
struct OpenEscalation {
    std::string reason;  ///< "self_harm", "overdose", "violence", "harm_others", "child", "human",
                         ///< "not_understood", ...
    Priority priority = Priority::p2;
    std::string heard;              ///< in words for staff; never the texter's own words
    bool call_do_not_text = false;  ///< the texter has opted out
};

/// The open escalation of this contact becomes graver, or gets a note. Never lowers.
struct RaiseEscalation {
    Priority priority = Priority::p0;
    std::string note;
    bool call_do_not_text = false;
};

/// A durable wait. The same name replaces an older one of this contact.
struct SetTimer {
    std::string name;  ///< "step" (time-out of the current step), "checkin.3d", "xod.7" ...
    TimePoint due;
};
struct CancelTimer {
    std::string name;
};

/// Something a human is to do for this contact at a time of its own: an item of the queue. One is open of
/// each kind; a newer one takes its place.
struct BookTask {
    TaskKind kind = TaskKind::call_back;
    TimePoint from;                    ///< what was asked for
    std::optional<TimePoint> until;    ///< empty: no time could be read from the words
    TimePoint page_at;                 ///< in working hours: whoever is on call is told
    std::optional<TimePoint> late_at;  ///< not done by then, a promise is broken
    std::string words;                 ///< the time in the texter's own words; may be empty
};
struct EndTask {
    TaskKind kind = TaskKind::call_back;
    TaskEnd how = TaskEnd::done;
};

/// Whoever has the conversation has not written for long: are they still there? Without an answer the bot
/// takes it back.
struct AskHolder {
    std::string by;
    TimePoint until;     ///< then it goes back
    bool waits = false;  ///< the texter has written and nobody has answered
};

/// Everything queued for this contact and not yet handed over dies, timers too (opt-out).
struct CancelAll {};

/// Something worth showing in a transcript and in the staff view: "tag +slip", "record trigger", "quiet hold
/// on".
struct Note {
    std::string text;
};

using Effect = std::variant<SendText, ChangeConsent, OpenEscalation, RaiseEscalation, SetTimer, CancelTimer,
                            CancelAll, BookTask, EndTask, AskHolder, Note>;

/// One line for a transcript or `/effects`: `escalate P1 self_harm: does not want to live`. A `SendText` is
/// its text.
[[nodiscard]] std::string describe(const Effect& effect);

}  // namespace bot
