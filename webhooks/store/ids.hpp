#pragma once
#include <compare>
#include <cstdint>

namespace webhooks::store {

/// Row ids that cannot be mixed up.
template <class Tag>
struct Id {
    std::int64_t value = 0;
    auto operator<=>(const Id&) const = default;
};
using ContactId = Id<struct ContactTag>;
using MessageId = Id<struct MessageTag>;
using EscalationId = Id<struct EscalationTag>;
using PageId = Id<struct PageTag>;
using AccountId = Id<struct AccountTag>;

}  // namespace webhooks::store
