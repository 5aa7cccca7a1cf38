#pragma once
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bot/event.hpp"
#include "webhooks/inbound/line.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::inbound {

/// What a turn did, for metrics after the commit.
struct TurnOutcome {
    std::string decided_by;
    std::vector<bot::MessageKind> queued;
    std::vector<store::MessageId> messages;  ///< of `queued`, one by one
    std::vector<bot::Consent> consent;
    std::vector<bot::Priority> opened;
    bool failed = false;  ///< an exception ended the turn; what `Turns` says of that was done instead
};

/// Advances one contact's conversation by one event and writes everything that follows: state, texts, timers,
/// consent ledger, escalations, live events. Works inside the caller's transaction; the contact is locked
/// first, so that events of one contact are answered strictly one after the other.
///
/// Whatever is thrown in a turn, be it by the engine or by what writes down its effects, is undone, and the
/// answer of last resort (safe_turn.hpp) takes its place: only a failing disk is thrown on (I13).
class Turns {
public:
    Turns(store::StoreTx& tx, const Line& line, bot::TimePoint now)
        : tx_(tx), line_(line), engine_(line.engine->get()), now_(now) {}

    /// The texter wrote. Quick texts are answered as one thought: while the replies to the last text are all
    /// still queued they are taken back, and both texts are answered together.
    TurnOutcome text(const store::Recorded& recorded, const bot::MessageReceived& message,
                     std::string_view account, std::string_view channel);

    /// Anything else that happens to a known contact. Unknown contacts are ignored.
    TurnOutcome event(store::ContactId contact, const bot::Event& event);

    /// The number of this contact was given on the web. Who is known to us hears nothing, and nothing is
    /// written. The question leaves by `account` and `channel`.
    TurnOutcome sign_up(store::ContactId contact, const bot::SignedUp& event, std::string_view account,
                        std::string_view channel);

private:
    struct Loaded {
        bool known = false;
        store::ConversationRow row;
        bot::Conversation state;
    };
    struct Cause {
        std::optional<store::MessageId> message;
        std::string wording;
    };

    struct Answered {
        Cause cause;
        std::string_view account, channel;
    };

    TurnOutcome answer(const store::Recorded& recorded, const bot::MessageReceived& message,
                       std::string_view account, std::string_view channel);
    Loaded load(store::ContactId contact);
    bot::Turn advance(const bot::Conversation& before, const bot::Event& event) const;
    TurnOutcome write(store::ContactId contact, store::ConversationRow& row, const bot::Conversation& before,
                      const bot::Turn& turn, const Cause& cause);
    void write_effect(store::ContactId contact, store::ConversationRow& row, const bot::Effect& effect,
                      const Cause& cause, TurnOutcome& outcome);
    void end_task(store::ContactId contact, const bot::EndTask& end);
    store::MessageId write_text(store::ContactId contact, const store::ConversationRow& row,
                                const bot::SendText& say);
    void write_consent(store::ContactId contact, store::ConversationRow& row,
                       const bot::ChangeConsent& change, const Cause& cause);
    void set_gate(store::ContactId contact, bot::Consent to);
    bool answer_gathered(const store::Recorded& recorded, const bot::MessageReceived& message, Loaded& loaded,
                         const bot::Turn& alone, TurnOutcome& outcome);

    TurnOutcome rescue(store::ContactId contact, const bot::Event& event, const Answered& answered,
                       const std::exception_ptr& why);
    void rescue_effect(store::ContactId contact, store::ConversationRow& row, const bot::Effect& effect,
                       const Cause& cause, TurnOutcome& outcome);
    void save_rescued(store::ContactId contact, store::ConversationRow& row, const bot::Conversation& state);
    /// @param what  for the log
    bool failed(std::string_view what, const std::function<void()>& work);

    store::StoreTx& tx_;
    const Line& line_;
    std::shared_ptr<const bot::Engine> engine_;
    bot::TimePoint now_;
};

}  // namespace webhooks::inbound
