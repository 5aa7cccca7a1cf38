#include <set>

#include "bot/content_check.hpp"

namespace bot {

namespace {

void check_marks(const Flow& flow, const std::set<std::string>& known, std::set<std::string>& carried,
                 Problems& problems) {
    for (const auto& [id, step] : flow.steps)
        for (const std::string& item : step.covers) {
            carried.insert(item);
            if (!known.contains(item))
                problems.push_back({ContentFiles::of(flow), flow.id + "/steps/" + id + "/covers",
                                    "coverage.json has no item \"" + item + "\""});
        }
}

}  // namespace

void check_coverage(const Content& content, Problems& problems) {
    if (content.coverage.empty()) return;
    std::set<std::string> known;
    for (const CoverageItem& item : content.coverage)
        if (!known.insert(item.id).second)
            problems.push_back({"coverage.json", item.id, "two items have this id"});
    std::set<std::string> carried;
    for (const auto& [_, flow] : content.flows) check_marks(flow, known, carried, problems);
    for (const CoverageItem& item : content.coverage)
        if (!carried.contains(item.id))
            problems.push_back(
                {"coverage.json", item.id, "no step carries it: name it in the \"covers\" of one"});
}

}  // namespace bot
