#include "webhooks/gateways/nonce_memory.hpp"

#include "webhooks/net/digest.hpp"

namespace webhooks::gateways {

namespace {

constexpr std::chrono::hours kRemembers{1};
constexpr std::size_t kMost = 20'000;

std::string digest_of(const http::Request& request) {
    std::string all = request.target;
    all.append("\n").append(request.body);
    return net::sha256_hex(all);
}

}  // namespace

std::optional<Refused> NonceMemory::check(const Gateway& gateway, const http::Request& request,
                                          bot::TimePoint arrived) {
    const auto nonce = gateway.open_nonce(request);
    if (!nonce) return std::nullopt;
    forget(arrived);
    std::string key = gateway.account();
    key.append("\n").append(net::sha256_hex(*nonce));  // as long as its sender likes
    const auto [first, is_new] = seen_.try_emplace(std::move(key), digest_of(request));
    if (is_new) {
        order_.push_back({arrived, first->first});
        return std::nullopt;
    }
    if (first->second == digest_of(request)) return std::nullopt;
    return Refused{Refusal::replayed, {}, "its nonce has come with another request"};
}

void NonceMemory::forget(bot::TimePoint now) {
    while (!order_.empty() && (order_.size() >= kMost || order_.front().at + kRemembers < now)) {
        seen_.erase(order_.front().key);
        order_.pop_front();
    }
}

}  // namespace webhooks::gateways
