#pragma once
#include <functional>
#include <string>

#include "bot/flow.hpp"

namespace bot {

/// What the checks want to see of a flow. Each callback gets the place as in the file
/// ("slip/steps/S1/ask/choices[0]"); `step` is null outside steps.
struct FlowVisitor {
    std::function<void(const std::string& where, const Step* step, const Next& next)> next;
    std::function<void(const std::string& where, const Step* step, const Say& say)> say;
    std::function<void(const std::string& where, const Step* step, const Action& action)> action;
    std::function<void(const std::string& where, const Test& test)> test;
};

/// Visits every target, text, effect and condition of a flow. Callbacks may be empty.
void walk(const Flow& flow, const FlowVisitor& visitor);

/// The conditions within one, those nested too.
void walk(const std::string& where, const Condition& condition, const FlowVisitor& visitor);

}  // namespace bot
