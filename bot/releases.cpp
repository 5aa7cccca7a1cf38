#include "bot/releases.hpp"

#include <algorithm>

#include "bot/content.hpp"
#include "bot/content_check.hpp"
#include "bot/conversation.hpp"

namespace bot {

namespace {

bool has(const Content& content, const Position& place) {
    const auto flow = content.flows.find(place.flow);
    return flow != content.flows.end() && flow->second.version == place.version;
}

bool has_stack(const Content& content, const Conversation& conversation) {
    return std::all_of(conversation.stack.begin(), conversation.stack.end(),
                       [&](const Position& place) { return has(content, place); });
}

bool has_all(const Content& content, const Conversation& conversation) {
    return has_stack(content, conversation) && (!conversation.parked || has(content, *conversation.parked));
}

// A flow that was changed without its number.
void compare(const Content& before, const Content& after, Problems& problems) {
    for (const auto& [id, flow] : after.flows) {
        const auto old = before.flows.find(id);
        if (old == before.flows.end() || old->second.version != flow.version ||
            old->second.fingerprint == flow.fingerprint)
            continue;
        const std::string file = ContentFiles::of(flow);
        const bool told = std::any_of(problems.begin(), problems.end(),
                                      [&file](const Problem& problem) { return problem.file == file; });
        if (told) continue;
        problems.push_back({file, id + "/version",
                            "the flow has changed, but its version is still " + std::to_string(flow.version) +
                                "; raise it: conversations under way finish on the version they began"});
    }
}

}  // namespace

boost::system::result<Releases, Problems> Releases::succeeded_by(
    const std::shared_ptr<const Content>& next) const {
    Problems problems;
    for (const auto& before : newest_first_) compare(*before, *next, problems);
    if (!problems.empty()) return problems;
    Releases all;
    all.newest_first_.push_back(next);
    for (const auto& before : newest_first_) {
        if (all.newest_first_.size() > kMostOlder) break;
        auto older = std::make_shared<Content>(*before);
        older->ears = next->ears;
        all.newest_first_.push_back(std::move(older));
    }
    return all;
}

const Content& Releases::of(const Conversation& conversation) const {
    for (const auto fits : {has_all, has_stack})
        for (const auto& content : newest_first_)
            if (fits(*content, conversation)) return *content;
    return newest();
}

}  // namespace bot
