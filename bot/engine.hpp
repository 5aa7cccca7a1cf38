#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bot/conversation.hpp"
#include "bot/effect.hpp"
#include "bot/event.hpp"
#include "bot/problem.hpp"
#include "bot/releases.hpp"
#include "bot/time.hpp"
#include "bot/working_hours.hpp"

namespace bot {

/// What one event led to.
struct Turn {
    Conversation next;
    std::vector<Effect> effects;  ///< in the order they are to be written: escalation, consent, texts, timers
    std::string decided_by;  ///< for the record: "consent.stop", "risk.sh_kms", "step slip/S1", "held", ...
    /// Steps, branches and choices of the content that the turn went through, for coverage: addresses, to be
    /// compared with those of a content that is still there.
    std::vector<const void*> visited;
};

/// What a deployment fills into the texts and rules.
struct LineSettings {
    /// Placeholder values: org, short, helpline, url, spot, n (minutes) ... Lengths are bounded as in content
    /// 2A.
    std::map<std::string, std::string> placeholders;
    std::string time_zone = "America/New_York";
    int quiet_from_hour = 20;      ///< nothing the bot begins after this local hour ...
    int quiet_until_hour = 9;      ///< ... and before this one
    WorkingHours working_hours;    ///< of staff, for what can wait
    bool fold_spanish = true;      ///< see fold_for_gsm7
    bool staffed = true;           ///< false: the no-staff wording set
    bool answer_opted_out = true;  ///< OUT.3 at most once in 24 h to an opted-out person's own text
    bool harm_reduction = true;
};

struct ReplyCheck;  ///< see staff.hpp
struct Content;     ///< flows, texts and lexicon, checked; see flow_loader.hpp

/// The conversation as a pure function: no clock, no randomness, no I/O. The same object runs in the server,
/// in `handrail chat`, in transcript tests and in the simulator. Immutable: safe on every thread.
///
/// Order for every inbound message (DESIGN 2): consent, risk, hold, flow.
class Engine {
public:
    Engine(Releases releases, LineSettings line, UtcOffset utc_offset);

    /// Never throws on anything a texter can send. A defect of a flow met at run time (a step that is gone)
    /// gives the static safe text UNK.3 and opens a P2 escalation: never silence.
    [[nodiscard]] Turn advance(Conversation before, const Event& event, TimePoint now) const;

    /// Whether a member of staff may write to the texter now.
    [[nodiscard]] ReplyCheck check_reply(const Conversation& state, std::string_view by, TimePoint now) const;

    /// The newest; a conversation that began before it was there is answered from its own release.
    [[nodiscard]] const Content& content() const noexcept { return releases_.newest(); }
    [[nodiscard]] const Releases& releases() const noexcept { return releases_; }
    [[nodiscard]] const LineSettings& line() const noexcept { return line_; }

private:
    Releases releases_;
    LineSettings line_;
    UtcOffset utc_offset_;
};

}  // namespace bot
