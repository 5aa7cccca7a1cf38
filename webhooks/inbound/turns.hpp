#pragma once
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
    std::vector<bot::Consent> consent;
    std::vector<bot::Priority> opened;
};

/// Advances one contact's conversation by one event and writes everything that follows: state, texts, timers,
/// consent ledger, escalations, live events. Works inside the caller's transaction; the contact is locked
/// first, so that events of one contact are answered strictly one after the other.
class Turns {
public:
    Turns(store::StoreTx& tx, const Line& line, bot::TimePoint now) : tx_(tx), line_(line), now_(now) {}

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

    Loaded load(store::ContactId contact);
    bot::Turn advance(const bot::Conversation& before, const bot::Event& event) const;
    TurnOutcome write(store::ContactId contact, store::ConversationRow& row, const bot::Turn& turn,
                      const Cause& cause);
    void write_text(store::ContactId contact, const store::ConversationRow& row, const bot::SendText& say,
                    std::uint64_t turn);
    void write_consent(store::ContactId contact, store::ConversationRow& row,
                       const bot::ChangeConsent& change, const Cause& cause);
    bool answer_gathered(const store::Recorded& recorded, const bot::MessageReceived& message, Loaded& loaded,
                         const bot::Turn& alone, TurnOutcome& outcome);

    store::StoreTx& tx_;
    const Line& line_;
    bot::TimePoint now_;
};

}  // namespace webhooks::inbound
