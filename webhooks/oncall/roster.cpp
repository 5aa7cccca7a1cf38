#include "webhooks/oncall/roster.hpp"

#include <algorithm>

namespace webhooks::oncall {

const bot::Responder* Roster::by_name(std::string_view name) const noexcept {
    const auto it = std::find_if(people.begin(), people.end(), [&](const auto& p) { return p.name == name; });
    return it == people.end() ? nullptr : &*it;
}

const bot::Responder* Roster::by_phone(std::string_view e164) const noexcept {
    const auto it =
        std::find_if(people.begin(), people.end(), [&](const auto& p) { return p.phone == e164; });
    return it == people.end() ? nullptr : &*it;
}

}  // namespace webhooks::oncall
