#pragma once
#include <string_view>

namespace webhooks::staff {

/// Whether this is one CBOR item (RFC 8949) as authenticators write it: every length said and there (CTAP 2,
/// "message encoding": nothing indefinite, at most four levels), no tags. Asked before a parser that calls
/// itself for each level, and makes room for what a head promises, reads what a stranger sent. Thread-safe.
[[nodiscard]] bool is_plain_cbor(std::string_view bytes) noexcept;

}  // namespace webhooks::staff
