#pragma once
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "bot/language.hpp"
#include "bot/message.hpp"
#include "bot/priority.hpp"
#include "bot/task_kind.hpp"
#include "bot/time.hpp"

namespace bot {

struct Hearing;

/// The texter wrote. `text` is the body as received, several quick texts joined by '\n' when they are
/// answered as one thought.
struct MessageReceived {
    std::string text;
    std::vector<Media> media;
    CarrierKeyword carrier_keyword =
        CarrierKeyword::none;  ///< the gateway says it handled a reserved word itself
    /// False for an account that answers STOP and HELP itself: the opt-out is kept, nothing is sent.
    bool we_answer_keywords = true;
    /// What the ears make of `text`, when that was found out beforehand. Of another text, or by ears that
    /// have been replaced since, it is not used.
    std::shared_ptr<const Hearing> heard;
};

/// A wait that an earlier `SetTimer` asked for is due. Ignored when `turn` is older than the timer's right to
/// speak.
struct TimerFired {
    std::string name;
    std::uint64_t turn = 0;
};

/// What became of the escalation that this conversation raised. `lapsed`: whoever had acknowledged has not
/// said a word to the texter, and the ladder climbs on.
struct EscalationChanged {
    enum class What { unanswered, exhausted, acknowledged, resolved, lapsed };
    What what = What::unanswered;
    Priority priority = Priority::p1;
    std::string by;       ///< the responder's first name, for acknowledged and resolved
    std::string text_id;  ///< for unanswered: the text the rung asks for ("NOA.2"); may be empty
};

/// A member of staff takes the conversation, writes in it, or hands it back to the bot.
struct StaffTook {
    std::string by;
};
/// They write to the texter: sent as it stands (see `reply_words`), if they hold the conversation.
struct StaffWrote {
    std::string by;
    std::string text;
    bool by_night = false;  ///< in the quiet hours too, though it answers nothing just written
};
/// They write something down for each other: nobody hears it, but they are still at it.
struct StaffNoted {
    std::string by;
};
/// Asked whether they are still there (`AskHolder`), they said so.
struct StaffStays {
    std::string by;
};
/// They tag the texter, or take tags away; those of an open danger stay.
struct StaffTagged {
    std::string by;
    std::set<std::string> add, remove;
};
struct StaffHandedBack {
    std::string by;
    std::string to;  ///< where the bot goes on, "slip/S2"; empty: it only says that it is back
};

/// The carrier says this number is blocked for us (Twilio 21610 and its like): recorded as an opt-out.
struct CarrierOptedOut {
    std::string code;
};

/// A text of ours did not reach the phone and never will.
struct TextNotDelivered {
    std::string text_id;  ///< "SLP.6"; empty for what staff typed
    MessageKind kind = MessageKind::reply;
    TimePoint said_at;
    std::string code;       ///< the gateway's or the carrier's: "30007"
    bool filtered = false;  ///< a carrier's filter stopped it for its words
};

/// A text of ours waited for its gateway until it was worth nothing any more, and was dropped.
struct TextTooLate {
    TimePoint said_at;
};

/// Somebody entered this number on the sign-up page. Whether it was its holder nobody knows: only a YES from
/// that phone opens the conversation.
struct SignedUp {
    Language language = Language::en;  ///< of the page
    std::string wording;               ///< what the page said they agree to, for the consent ledger
};

/// Staff enter a visit of this texter, move it, take it back, or mark it as missed.
struct VisitSet {
    TimePoint at;
};
struct VisitCancelled {};
struct VisitMissed {};

/// Staff name another time for the call-back, or say what became of it.
struct CallBackSet {
    TimePoint at;
};
struct CallBackEnded {
    TaskEnd how = TaskEnd::done;
};

/// A task has come due, or its time has passed and nobody has done it.
struct TaskDue {
    TaskKind kind = TaskKind::call_back;
    bool late = false;
};

/// Everything that can happen to a conversation.
using Event =
    std::variant<MessageReceived, TimerFired, EscalationChanged, StaffTook, StaffWrote, StaffNoted,
                 StaffStays, StaffTagged, StaffHandedBack, CarrierOptedOut, TextNotDelivered, TextTooLate,
                 SignedUp, VisitSet, VisitCancelled, VisitMissed, CallBackSet, CallBackEnded, TaskDue>;

}  // namespace bot
