#pragma once
#include <boost/system/result.hpp>
#include <cstddef>
#include <memory>
#include <vector>

#include "bot/problem.hpp"

namespace bot {

struct Content;
struct Conversation;

/// What the line says now, and what it said before, for conversations that began then: those finish in the
/// flows and words they began in. A value, immutable; taking a new release makes another one.
class Releases {
public:
    /// Releases kept beside the newest. A place is kept for a week at most (but for an open danger), so only
    /// somebody who reloads again and again within one conversation meets this bound; then the place is
    /// dropped, as after a restart, and the conversation begins anew.
    static constexpr std::size_t kMostOlder = 16;

    // NOLINTNEXTLINE(google-explicit-constructor): a content alone is the common case
    Releases(std::shared_ptr<const Content> first) : newest_first_{std::move(first)} {}

    /// The releases with `next` as the newest. What is heard as opt-out, danger or subject is always the
    /// newest's, in older flows too.
    /// @return a problem for each flow that says something else under a version number it had before: what
    ///         the number of a stored message means must stay true, so the author raises it
    [[nodiscard]] boost::system::result<Releases, Problems> succeeded_by(
        const std::shared_ptr<const Content>& next) const;

    [[nodiscard]] const Content& newest() const noexcept { return *newest_first_.front(); }
    [[nodiscard]] std::size_t size() const noexcept { return newest_first_.size(); }

    /// The newest release that still has every place of the conversation, also the one kept for later if any
    /// has; the newest of all when no release has them.
    [[nodiscard]] const Content& of(const Conversation& conversation) const;

private:
    Releases() = default;
    std::vector<std::shared_ptr<const Content>> newest_first_;
};

}  // namespace bot
