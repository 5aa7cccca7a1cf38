#pragma once
#include <string>
#include <vector>

#include "bot/content.hpp"

namespace webhooks::cli {

/// A place of the flows that a conversation can come through.
struct FlowPlace {
    std::string where;           ///< "slip/steps/S1/ask/choices[0]/next"
    const void* what = nullptr;  ///< as in `bot::Turn::visited`
};

/// Every step, and every way on: the branches of each target, and the choices that share a target.
struct FlowPlaces {
    std::vector<FlowPlace> steps;
    std::vector<FlowPlace> ways;
};
[[nodiscard]] FlowPlaces places_of(const bot::Content& content);

}  // namespace webhooks::cli
