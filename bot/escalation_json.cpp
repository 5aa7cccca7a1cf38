#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/escalation.hpp"
#include "bot/json_text.hpp"

namespace bot {

namespace {

using nlohmann::json;

void read_seconds(const json& in, const char* key, std::chrono::seconds& out) {
    if (in.contains(key) && in[key].is_number_integer())
        out = std::chrono::seconds{in[key].get<std::int64_t>()};
}

void read_names(const json& in, const char* key, std::vector<std::string>& out) {
    const auto list = in.find(key);
    if (list == in.end() || !list->is_array()) return;
    for (const json& name : *list)
        if (name.is_string()) out.push_back(name.get<std::string>());
}

void read_time(const json& in, const char* key, std::optional<TimePoint>& out) {
    if (in.contains(key) && in[key].is_number_integer()) out = from_millis(in[key].get<std::int64_t>());
}

Rung read_rung(const json& item) {
    Rung rung;
    read_seconds(item, "after", rung.after);
    read_names(item, "page", rung.page);
    if (item.contains("tell") && item["tell"].is_string()) rung.tell_texter = item["tell"].get<std::string>();
    if (item.contains("need") && item["need"].is_number_unsigned())
        rung.need = item["need"].get<std::uint32_t>();
    return rung;
}

}  // namespace

std::string serialize(const EscalationPolicy& policy) {
    json rungs = json::array();
    for (const Rung& rung : policy.rungs)
        rungs.push_back({{"after", rung.after.count()},
                         {"page", rung.page},
                         {"tell", rung.tell_texter},
                         {"need", rung.need}});
    return json_text({{"rungs", std::move(rungs)},
                      {"repeat", policy.repeat_every.count()},
                      {"calm", policy.calm_every.count()},
                      {"lease", policy.lease.count()},
                      {"talk", policy.talk_lease.count()},
                      {"all", policy.catch_all}});
}

EscalationPolicy parse_escalation_policy(std::string_view text) {
    EscalationPolicy policy;
    const json in = json::parse(text, nullptr, false);
    if (!in.is_object()) return policy;
    read_seconds(in, "repeat", policy.repeat_every);
    read_seconds(in, "calm", policy.calm_every);
    read_seconds(in, "lease", policy.lease);
    read_seconds(in, "talk", policy.talk_lease);
    read_names(in, "all", policy.catch_all);
    for (const json& item : in.value("rungs", json::array()))
        if (item.is_object()) policy.rungs.push_back(read_rung(item));
    return policy;
}

std::string serialize_progress(const Escalation& ladder) {
    json out{{"takers", ladder.takers},
             {"paged", ladder.paged},
             {"passed", ladder.passed},
             {"takes", ladder.takes}};
    if (ladder.by_phone) out["phone"] = true;
    if (ladder.rungs_from) out["from"] = to_millis(*ladder.rungs_from);
    if (ladder.spoke_at) out["spoke"] = to_millis(*ladder.spoke_at);
    return json_text(out);
}

void read_progress(std::string_view text, Escalation& ladder) {
    const json in = json::parse(text, nullptr, false);
    if (!in.is_object()) {
        const auto& rungs = ladder.policy.rungs;
        for (std::size_t i = 0; i < std::min(ladder.next_rung, rungs.size()); ++i)
            for (const std::string& name : rungs[i].page)
                if (std::find(ladder.paged.begin(), ladder.paged.end(), name) == ladder.paged.end())
                    ladder.paged.push_back(name);
        if (!ladder.acknowledged_by.empty()) ladder.takers = {ladder.acknowledged_by};
        return;
    }
    read_names(in, "takers", ladder.takers);
    read_names(in, "paged", ladder.paged);
    read_names(in, "passed", ladder.passed);
    if (in.contains("takes") && in["takes"].is_number_unsigned())
        ladder.takes = in["takes"].get<std::uint32_t>();
    ladder.by_phone = in.contains("phone");
    read_time(in, "from", ladder.rungs_from);
    read_time(in, "spoke", ladder.spoke_at);
}

}  // namespace bot
