#include "webhooks/gateways/registry.hpp"

#include <stdexcept>

#include "webhooks/gateways/bandwidth.hpp"
#include "webhooks/gateways/generic.hpp"
#include "webhooks/gateways/infobip.hpp"
#include "webhooks/gateways/kannel.hpp"
#include "webhooks/gateways/messagebird.hpp"
#include "webhooks/gateways/plivo.hpp"
#include "webhooks/gateways/signalwire.hpp"
#include "webhooks/gateways/sinch.hpp"
#include "webhooks/gateways/telnyx.hpp"
#include "webhooks/gateways/twilio.hpp"
#include "webhooks/gateways/vonage.hpp"

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
    {"bandwidth", &make<Bandwidth>},     {"generic", &make<Generic>},
    {"infobip", &make<Infobip>},         {"kannel", &make<Kannel>},
    {"messagebird", &make<MessageBird>}, {"plivo", &make<Plivo>},
    {"signalwire", &make<SignalWire>},   {"sinch", &make<Sinch>},
    {"telnyx", &make<Telnyx>},           {"twilio", &make<Twilio>},
    {"vonage", &make<Vonage>},
};

}  // namespace

std::unique_ptr<Gateway> make_gateway(const AccountSettings& settings, const std::string& public_url) {
    for (const Entry& entry : kRegistry)
        if (entry.kind == settings.kind) return entry.make(settings, public_url);
    throw std::invalid_argument("there is no gateway of kind " + settings.kind);
}

std::string webhook_base(const Gateway& gateway) {
    std::string base = "/webhooks/";
    base.append(gateway.kind()).append("/").append(gateway.account());
    return base;
}

}  // namespace webhooks::gateways
