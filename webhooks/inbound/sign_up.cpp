#include "webhooks/inbound/sign_up.hpp"

#include "webhooks/net/clock.hpp"

namespace webhooks::inbound {

store::Store::Job sign_up_job(std::shared_ptr<const Line> line, SignUpRequest request,
                              std::shared_ptr<TurnOutcome> out) {
    return [=](store::StoreTx& tx) -> boost::system::error_code {
        const bot::TimePoint now = net::now();
        *out = {};
        tx.publish("sign_up.received", "{}", now);
        if (line->numbers.contains(request.number) || line->roster.by_phone(request.number) != nullptr)
            return {};
        *out = Turns(tx, *line, now)
                   .sign_up(tx.contact_of(request.number), {request.language, request.wording},
                            request.account, request.channel);
        return {};
    };
}

}  // namespace webhooks::inbound
