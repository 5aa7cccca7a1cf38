#include "webhooks/staff/challenges.hpp"

#include "webhooks/net/digest.hpp"
#include "webhooks/staff/secrets.hpp"

namespace webhooks::staff {

// "millis.random.proof" in base64url; the proof is over the rest and the purpose.

namespace {

constexpr std::size_t kProof = 64;  // SHA-256 in hex

}  // namespace

Challenges::Challenges() : key_(fresh_secret()) {}

std::string Challenges::proof(std::string_view head, std::string_view purpose) const {
    std::string text(purpose);
    text.append("\n").append(head);
    return net::hmac_hex(net::Hash::sha256, key_, text);
}

std::string Challenges::issue(std::string_view purpose, bot::TimePoint now) const {
    std::string head = std::to_string(bot::to_millis(now + kLast));
    head.append(".").append(fresh_secret()).append(".");
    return net::encode_base64url(head + proof(head, purpose));
}

bool Challenges::is_open(std::string_view challenge, std::string_view purpose, bot::TimePoint now) const {
    const std::string text = net::decode_base64url(challenge);
    if (text.size() <= kProof || used_.contains(challenge)) return false;
    const std::string_view head = std::string_view(text).substr(0, text.size() - kProof);
    if (!net::same_secret(proof(head, purpose), std::string_view(text).substr(head.size()))) return false;
    return bot::to_millis(now) < std::stoll(text);  // its proof says that this is a number of ours
}

std::string Challenges::derived(std::string_view purpose) const {
    return net::encode_base64url(net::hmac(net::Hash::sha256, key_, purpose));
}

void Challenges::use(std::string_view challenge, bot::TimePoint now) {
    std::erase_if(used_, [&](const auto& one) { return now - one.second > kLast; });
    used_.emplace(challenge, now);
}

}  // namespace webhooks::staff
