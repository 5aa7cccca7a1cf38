#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/message.hpp"

namespace webhooks::outbox {

/// One way out: an account and its first number.
struct Route {
    std::string account, channel;
    bool operator==(const Route&) const = default;
};

/// The other ways that a text may go when its own fails. Order is the configuration's, and goes round.
class Routes {
public:
    /// @param replies_too  ordinary replies and staff's texts too go by another number rather than wait
    explicit Routes(std::vector<Route> all = {}, bool replies_too = false)
        : all_(std::move(all)), replies_too_(replies_too) {}

    [[nodiscard]] std::size_t count() const noexcept { return all_.size(); }
    /// Whether texts of this kind may leave by another number at all. Confirmations may not: they answer an
    /// opt-out from this number. Nor may check-ins: they can wait.
    [[nodiscard]] bool may_move(bot::MessageKind kind) const noexcept;
    /// The next account after this one that is fit; nothing when there is none.
    [[nodiscard]] std::optional<Route> after(std::string_view account,
                                             const std::function<bool(std::string_view)>& is_fit) const;

private:
    std::vector<Route> all_;
    bool replies_too_;
};

}  // namespace webhooks::outbox
