#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "webhooks/store/store.hpp"

namespace webhooks::demo {

/// Everything the page shows of one texter, read in one go.
struct TexterView {
    std::optional<store::ContactRow> contact;  ///< absent until they have texted
    std::vector<store::MessageRow> messages;   ///< oldest first
    std::vector<store::ConsentEntry> ledger;
    std::vector<store::EscalationRow> escalations;  ///< of everybody, newest first
};

[[nodiscard]] TexterView read_texter(store::StoreReader& reader, std::optional<store::ContactId> contact);

/// As the page gets it. A text of the line is in `messages` once it has reached the phone; `typing` says that
/// another is under way.
[[nodiscard]] nlohmann::json render(const TexterView& view);

}  // namespace webhooks::demo
