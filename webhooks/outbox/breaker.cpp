#include "webhooks/outbox/breaker.hpp"

namespace webhooks::outbox {

void Breaker::open(bool& why, TimePoint now) noexcept {
    if (is_closed()) next_probe_ = now + kProbe;
    why = true;
}

void Breaker::failed(TimePoint now, bool for_good) noexcept {
    if (++failures_ >= kFailures || for_good) open(failing_, now);
}

void Breaker::reported(bool delivered, TimePoint now) noexcept {
    bad_reports_ = delivered ? 0 : bad_reports_ + 1;
    if (delivered) unheard_ = false;
    if (bad_reports_ >= kBadReports) open(unheard_, now);
}

bool Breakers::is_closed(std::string_view account) const {
    const auto found = all_.find(account);
    return found == all_.end() || found->second.is_closed();
}

bool Breakers::admits(std::string_view account, TimePoint now) const {
    const auto found = all_.find(account);
    return found == all_.end() || found->second.admits(now);
}

template <class Change>
void Breakers::change(std::string_view account, Change apply) {
    Breaker& breaker = all_.try_emplace(std::string(account)).first->second;
    const bool was_closed = breaker.is_closed();
    apply(breaker);
    if (breaker.is_closed() != was_closed && changed_) changed_(account, was_closed);
}

void Breakers::began(std::string_view account, TimePoint now) {
    change(account, [&](Breaker& one) { one.began(now); });
}

void Breakers::succeeded(std::string_view account) {
    change(account, [](Breaker& one) { one.succeeded(); });
}

void Breakers::failed(std::string_view account, TimePoint now, bool for_good) {
    change(account, [&](Breaker& one) { one.failed(now, for_good); });
}

void Breakers::reported(std::string_view account, bool delivered, TimePoint now) {
    change(account, [&](Breaker& one) { one.reported(delivered, now); });
}

}  // namespace webhooks::outbox
