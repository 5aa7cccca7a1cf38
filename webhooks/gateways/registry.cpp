#include "webhooks/gateways/registry.hpp"

#include <stdexcept>

#include "webhooks/gateways/generic.hpp"
#include "webhooks/gateways/twilio.hpp"

namespace webhooks::gateways {

namespace {

template <class Kind>
std::unique_ptr<Gateway> make(const AccountSettings& settings, const std::string& public_url) {
    return std::make_unique<Kind>(settings, public_url);
}

struct Entry {
    std::string_view kind;
    std::unique_ptr<Gateway> (*make)(const AccountSettings&, const std::string& public_url);
};

// One line a gateway.
constexpr Entry kRegistry[]{
    {"generic", &make<Generic>},
    {"twilio", &make<Twilio>},
};

}  // namespace

std::unique_ptr<Gateway> make_gateway(const AccountSettings& settings, const std::string& public_url) {
    for (const Entry& entry : kRegistry)
        if (entry.kind == settings.kind) return entry.make(settings, public_url);
    throw std::invalid_argument("there is no gateway of kind " + settings.kind);
}

}  // namespace webhooks::gateways
