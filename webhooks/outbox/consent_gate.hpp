#pragma once
#include <map>
#include <mutex>

#include "webhooks/store/store.hpp"

namespace webhooks::outbox {

/// The last word on an opt-out (I3): nothing is handed over to a number after its opt-out is committed.
///
/// A message is claimed in one transaction and written to the gateway a moment later; an opt-out may commit
/// in between. So a claim registers its contact here (store thread), an opt-out closes that contact right
/// before its own COMMIT (store thread), and the sender asks again right before the first byte leaves (net
/// thread). Holds only contacts with a message in flight. Thread-safe.
class ConsentGate {
public:
    using ContactId = store::ContactId;

    /// A message to this contact has been claimed and will be handed over.
    void claimed(ContactId contact) {
        const std::lock_guard lock(mutex_);
        ++in_flight_[contact].messages;
    }
    /// That message has left, failed or been withdrawn.
    void done(ContactId contact) {
        const std::lock_guard lock(mutex_);
        const auto it = in_flight_.find(contact);
        if (it != in_flight_.end() && --it->second.messages <= 0) in_flight_.erase(it);
    }
    /// The contact's opt-out is about to be committed.
    void close(ContactId contact) { set_closed(contact, true); }
    /// The opt-out was rolled back, or the contact has opted in again.
    void reopen(ContactId contact) { set_closed(contact, false); }

    [[nodiscard]] bool may_send(ContactId contact) const {
        const std::lock_guard lock(mutex_);
        const auto it = in_flight_.find(contact);
        return it == in_flight_.end() || !it->second.closed;
    }

private:
    struct InFlight {
        int messages = 0;
        bool closed = false;
    };
    void set_closed(ContactId contact, bool closed) {
        const std::lock_guard lock(mutex_);
        const auto it = in_flight_.find(contact);
        if (it != in_flight_.end()) it->second.closed = closed;
    }

    mutable std::mutex mutex_;
    std::map<ContactId, InFlight> in_flight_;
};

}  // namespace webhooks::outbox
