#include "bot/content.hpp"

#include <algorithm>

namespace bot {

const Text* Content::find_text(const std::string& id) const {
    const auto found = texts.find(id);
    return found == texts.end() ? nullptr : &found->second;
}

const Step* Content::find_step(std::string_view flow_id, std::string_view step_id) const {
    const auto flow = flows.find(flow_id);
    if (flow == flows.end()) return nullptr;
    const auto step = flow->second.steps.find(std::string(step_id));
    return step == flow->second.steps.end() ? nullptr : &step->second;
}

bool Content::is_danger_flow(std::string_view id) const {
    const auto flow = flows.find(id);
    return flow != flows.end() && !flow->second.danger.empty();
}

std::pair<std::string, std::string> split_place(std::string_view place) {
    const auto slash = place.find('/');
    if (slash == std::string_view::npos) return {std::string(place), ""};
    return {std::string(place.substr(0, slash)), std::string(place.substr(slash + 1))};
}

}  // namespace bot
