#include "webhooks/outbox/routes.hpp"

#include <algorithm>

namespace webhooks::outbox {

bool Routes::may_move(bot::MessageKind kind) const noexcept {
    switch (kind) {
        case bot::MessageKind::crisis:
        case bot::MessageKind::page:
            return true;
        case bot::MessageKind::staff:
        case bot::MessageKind::reply:
            return replies_too_;
        case bot::MessageKind::opt_out_confirm:
        case bot::MessageKind::check_in:
            return false;
    }
    return false;
}

std::optional<Route> Routes::after(std::string_view account,
                                   const std::function<bool(std::string_view)>& is_fit) const {
    const auto own = std::ranges::find(all_, account, &Route::account);
    const std::size_t start = own == all_.end() ? 0 : static_cast<std::size_t>(own - all_.begin()) + 1;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const Route& route = all_[(start + i) % all_.size()];
        if (route.account != account && is_fit(route.account)) return route;
    }
    return std::nullopt;
}

}  // namespace webhooks::outbox
