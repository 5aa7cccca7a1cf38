#include "webhooks/outbox/limits.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>

#include "bot/segments.hpp"

namespace webhooks::outbox {

namespace {

using namespace std::chrono_literals;
using bot::MessageKind;
using bot::TimePoint;

constexpr std::size_t kLastDigits = 4;
constexpr std::size_t kWordsLookedAt = 100;

template <class Span>
TimePoint window(TimePoint now) {
    return std::chrono::floor<Span>(now);
}

/// What the contact wrote that a machine would not: said once, and not our own words back.
std::size_t different_texts(const store::StoreTx::Words& words) {
    const std::set<std::string> ours(words.ours.begin(), words.ours.end());
    std::set<std::string> theirs;
    for (const std::string& text : words.theirs)
        if (!ours.contains(text)) theirs.insert(text);
    return theirs.size();
}

}  // namespace

std::optional<std::string> Limits::forbids(store::StoreTx& tx, const store::Claimed& message,
                                           TimePoint now) const {
    if (message.kind == MessageKind::page) return std::nullopt;
    if (message.kind != MessageKind::crisis && is_abroad(message.to)) return "country_not_allowed";
    if (is_loop(tx, message, now)) return std::string(kLoop);
    if (message.attempts > 1) return std::nullopt;  // counted when it was tried first
    struct Scope {
        std::string name;
        TimePoint window;
        int most;
    };
    const std::string alike =
        message.to.substr(0, message.to.size() - std::min(message.to.size(), kLastDigits));
    const Scope scopes[]{
        {"number/" + message.to, window<std::chrono::days>(now), settings_.per_number_a_day},
        {"prefix/" + alike, window<std::chrono::hours>(now), settings_.per_prefix_an_hour},
        {"hour", window<std::chrono::hours>(now), settings_.an_hour},
        {"day", window<std::chrono::days>(now), settings_.a_day},
    };
    const auto segments = static_cast<std::int64_t>(bot::count_segments(message.text).segments);
    bool too_much = false;
    for (const Scope& scope : scopes)
        if (scope.most > 0) too_much |= tx.add_to_count(scope.name, scope.window, segments) > scope.most;
    if (too_much && message.kind != MessageKind::crisis) return "spend_cap";
    return std::nullopt;
}

bool Limits::is_halted() const { return !halt_file_.empty() && ::access(halt_file_.c_str(), F_OK) == 0; }

bool Limits::is_abroad(std::string_view number) const {
    const auto& allowed = settings_.allowed_prefixes;
    return !allowed.empty() && std::ranges::none_of(allowed, [&](const std::string& prefix) {
        return number.starts_with(prefix);
    });
}

/// Six answers in ten minutes to each different thing that somebody says are a conversation; more are two
/// machines.
bool Limits::is_loop(store::StoreTx& tx, const store::Claimed& message, TimePoint now) const {
    if (message.kind != MessageKind::reply || !message.contact) return false;
    const std::pair<int, std::chrono::minutes> rules[]{{settings_.automatic_in_10_min, 10min},
                                                       {settings_.automatic_a_day, 24h}};
    for (const auto& [most, span] : rules) {
        if (most <= 0) continue;
        const std::int64_t said = tx.automatic_texts_since(*message.contact, now - span);
        if (said < most) continue;
        const auto heard = different_texts(tx.words_since(*message.contact, now - span, kWordsLookedAt));
        const auto may =
            static_cast<std::int64_t>(std::max<std::size_t>(heard, 1)) * settings_.automatic_in_10_min;
        if (said >= may) return true;
    }
    return false;
}

}  // namespace webhooks::outbox
