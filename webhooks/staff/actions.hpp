#pragma once
#include <array>
#include <boost/system/result.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "bot/conversation.hpp"
#include "bot/staff.hpp"
#include "bot/task_kind.hpp"
#include "webhooks/inbound/line.hpp"
#include "webhooks/staff/roles.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::staff {

/// Who acts: an account, or an API token under its own name.
struct Actor {
    std::string name;
    Permissions may;
    std::string address;  ///< of the browser, for the audit log
};

/// Appends to the audit log that this was done, now.
void write_audit(store::StoreTx& tx, const Actor& who, std::string_view what, std::string detail,
                 std::optional<store::ContactId> contact = std::nullopt);

/// Why something was not done; becomes a problem document.
struct Refusal {
    int status = 409;
    std::string code;  ///< stable: "held_by_other"
    std::string detail;
    std::optional<std::string> held_by;
    std::optional<std::uint64_t> version;
    std::optional<bot::TimePoint> until;
};
template <class T>
using Outcome = boost::system::result<T, Refusal>;

/// A conversation as its row has it. An unreadable state gives an empty one with the clear consent.
[[nodiscard]] bot::Conversation state_of(const store::ConversationRow& row);

/// Why a reply would be refused, in words; without a code when it would not.
[[nodiscard]] Refusal reply_bar(const bot::ReplyCheck& check, const bot::Conversation& state);

/// What became of a visit that staff entered.
struct Visit {
    std::optional<bot::TimePoint> at;
    std::optional<bot::TimePoint> text_at;  ///< when we write about it; nothing: not at all
};

/// What became of a task, in the word of the API, the audit log and the case's history.
struct TaskOutcome {
    std::string_view word;
    bot::TaskEnd end;
};
inline constexpr std::array kTaskOutcomes{TaskOutcome{"reached", bot::TaskEnd::done},
                                          TaskOutcome{"no_answer", bot::TaskEnd::missed},
                                          TaskOutcome{"not_needed", bot::TaskEnd::cancelled}};

/// What a member of staff does to a conversation, inside the caller's transaction: the bot's turn, the open
/// case, the audit log and the live events are rows of the same commit. Two people who act at once are taken
/// one after the other, and the second one is told.
class Actions {
public:
    Actions(store::StoreTx& tx, const inbound::Line& line, Actor who, bot::TimePoint now)
        : tx_(tx), line_(line), who_(std::move(who)), now_(now) {}

    /// The bot falls silent, the texter is told who is here, the open case is acknowledged.
    [[nodiscard]] Outcome<void> take(store::ContactId contact, bool take_over);

    struct Reply {
        std::string text;
        std::uint64_t version = 0;  ///< the turn its writer saw: refused when somebody has spoken since
        std::string key;            ///< the same again sends nothing again
        bool by_night = false;
    };
    /// Into the outbox, the opt-out looked at in the same transaction. @return the message
    [[nodiscard]] Outcome<store::MessageId> reply(store::ContactId contact, const Reply& reply);

    [[nodiscard]] Outcome<store::NoteRow> note(store::ContactId contact, const std::string& text);
    [[nodiscard]] Outcome<void> tag(store::ContactId contact, const std::set<std::string>& add,
                                    const std::set<std::string>& remove);
    /// @param event  VisitSet, VisitCancelled or VisitMissed
    [[nodiscard]] Outcome<Visit> visit(store::ContactId contact, const bot::Event& event,
                                       std::string_view what);
    /// @param event  CallBackSet or CallBackEnded
    /// @return the call-back, as it stands after it
    [[nodiscard]] Outcome<store::TaskRow> call_back(store::ContactId contact, const bot::Event& event,
                                                    std::string_view what);
    /// Their own phone rings, then the texter's (oncall/bridge.hpp). @param key  the same again rings nobody
    /// again
    [[nodiscard]] Outcome<void> call(store::ContactId contact, const std::string& key);
    /// Ends what staff were to do, and the case that was opened for it alone (`oncall::close_with_task`). Who
    /// asked for a call and did not answer is asked for a better time.
    [[nodiscard]] Outcome<store::TaskRow> end_task(store::ContactId contact, std::int64_t task,
                                                   const TaskOutcome& outcome);
    /// To an account that may act, or to whoever a schedule puts on call now. They are paged if they are on
    /// the roster.
    [[nodiscard]] Outcome<void> transfer(store::ContactId contact, const std::string& to,
                                         const std::string& note);
    /// @param to  "flow/step", or empty
    [[nodiscard]] Outcome<void> hand_back(store::ContactId contact, const std::string& to);
    /// Closes the open case, and hands back.
    [[nodiscard]] Outcome<void> resolve(store::ContactId contact, const std::string& reason,
                                        const std::string& note);
    /// The whole number. @param reason  for the audit log
    [[nodiscard]] Outcome<std::string> reveal(store::ContactId contact, const std::string& reason);

    void audit(std::string_view what, std::optional<store::ContactId> contact, std::string detail = {});

private:
    [[nodiscard]] Outcome<bot::Conversation> load(store::ContactId contact);
    /// Held by somebody else, and the actor may not take over.
    [[nodiscard]] std::optional<Refusal> not_ours(const bot::Conversation& state, bool required) const;
    void missed_call(store::ContactId contact);
    [[nodiscard]] std::optional<store::TaskRow> task_of(store::ContactId contact, std::int64_t id);
    void acknowledge_open_case(store::ContactId contact);
    [[nodiscard]] bool works_with_texters(const std::string& name);
    /// The account that a conversation given to this name goes to.
    [[nodiscard]] Outcome<std::string> receiver_of(const std::string& name);
    void add_note(store::ContactId contact, const std::string& text);

    store::StoreTx& tx_;
    const inbound::Line& line_;
    Actor who_;
    bot::TimePoint now_;
};

}  // namespace webhooks::staff
