// Until the escalation policy lands in bot/: weak, so that the real one wins.
#include <nlohmann/json.hpp>

#include "bot/escalation.hpp"

namespace bot {

[[gnu::weak]] std::string serialize(const EscalationPolicy& policy) {
    nlohmann::json rungs = nlohmann::json::array();
    for (const Rung& rung : policy.rungs) rungs.push_back({rung.after.count(), rung.page, rung.tell_texter});
    return nlohmann::json{{"rungs", rungs}, {"repeat_every", policy.repeat_every.count()}}.dump();
}

[[gnu::weak]] EscalationPolicy parse_escalation_policy(std::string_view json) {
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    EscalationPolicy policy;
    if (parsed.is_discarded()) return policy;
    for (const auto& rung : parsed["rungs"]) {
        policy.rungs.push_back({std::chrono::seconds(rung[0].get<long>()),
                                rung[1].get<std::vector<std::string>>(), rung[2].get<std::string>()});
    }
    policy.repeat_every = std::chrono::seconds(parsed["repeat_every"].get<long>());
    return policy;
}

}  // namespace bot
