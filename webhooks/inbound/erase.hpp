#pragma once
#include "bot/time.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::inbound {

enum class Erased {
    done,
    unknown,    ///< there is no such contact
    open_case,  ///< somebody may be on the way to them: resolve the escalation first
    on_its_way  ///< a text is being handed over at this moment: try again
};

/// Forgets a texter: words, answers, timers, and the number too, unless they have opted out; that has to be
/// kept, or the line could not know whom not to text. Consent ledger and escalations stay, as the texts say
/// (PRV.2).
[[nodiscard]] Erased erase(store::StoreTx& tx, store::ContactId contact, bot::TimePoint now);

}  // namespace webhooks::inbound
