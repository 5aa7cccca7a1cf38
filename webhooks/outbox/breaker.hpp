#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace webhooks::outbox {

/// Whether an account's gateway takes texts at all. After five failures in a row, or one that is the
/// account's own fault, it is left alone but for one text every ten seconds, which tries it again
/// (reliability.md I8); the first text that is taken makes it whole. Times are the caller's.
class Breaker {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr int kFailures = 5;
    static constexpr int kBadReports = 10;
    static constexpr std::chrono::seconds kProbe{10};

    [[nodiscard]] bool is_closed() const noexcept { return !failing_ && !unheard_; }
    /// True when a text may be handed over now, also as a probe.
    [[nodiscard]] bool admits(TimePoint now) const noexcept { return is_closed() || now >= next_probe_; }
    /// A text is being handed over: while the breaker is open, no other for ten seconds.
    void began(TimePoint now) noexcept {
        if (!is_closed()) next_probe_ = now + kProbe;
    }
    void succeeded() noexcept {
        failing_ = false;
        failures_ = 0;
    }
    /// @param for_good  wrong credentials, no credit: it will not mend itself
    void failed(TimePoint now, bool for_good = false) noexcept;
    /// A delivery report: ten texts in a row that reached nobody open it too, and only one that did closes
    /// it.
    void reported(bool delivered, TimePoint now) noexcept;

private:
    void open(bool& why, TimePoint now) noexcept;

    bool failing_ = false;
    bool unheard_ = false;  // what it takes arrives nowhere
    int failures_ = 0;      // in a row
    int bad_reports_ = 0;   // in a row
    TimePoint next_probe_{};
};

/// The breakers of all accounts, by name. Net thread only.
class Breakers {
public:
    using TimePoint = Breaker::TimePoint;
    /// Told when an account's breaker opens or closes.
    using OnChange = std::function<void(std::string_view account, bool open)>;

    explicit Breakers(OnChange changed = {}) : changed_(std::move(changed)) {}

    [[nodiscard]] bool is_closed(std::string_view account) const;
    [[nodiscard]] bool admits(std::string_view account, TimePoint now) const;
    void began(std::string_view account, TimePoint now);
    void succeeded(std::string_view account);
    void failed(std::string_view account, TimePoint now, bool for_good = false);
    void reported(std::string_view account, bool delivered, TimePoint now);

private:
    template <class Change>
    void change(std::string_view account, Change apply);

    OnChange changed_;
    std::map<std::string, Breaker, std::less<>> all_;
};

}  // namespace webhooks::outbox
