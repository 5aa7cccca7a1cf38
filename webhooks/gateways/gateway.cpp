#include "webhooks/gateways/gateway.hpp"

namespace webhooks::gateways {

std::string_view to_string(Refusal refusal) noexcept {
    switch (refusal) {
        case Refusal::bad_signature:
            return "bad_signature";
        case Refusal::missing_signature:
            return "missing_signature";
        case Refusal::stale_timestamp:
            return "stale_timestamp";
        case Refusal::malformed_body:
            return "malformed_body";
        case Refusal::wrong_account:
            return "wrong_account";
        case Refusal::wrong_number:
            return "wrong_number";
        case Refusal::replayed:
            return "replayed";
    }
    return "bad_signature";
}

}  // namespace webhooks::gateways
