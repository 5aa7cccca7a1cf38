#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/inbound/intake.hpp"

namespace webhooks::inbound {

// Long texts that a gateway hands on in pieces are heard as what they are: one text.

/// How long the missing pieces of a text are waited for; then what there is of it is answered.
inline constexpr std::chrono::seconds kPartsComeWithin{20};

/// Takes in one piece; with the last one, the whole text, as `receive_job` does.
/// @param gateway  outlives the job
[[nodiscard]] store::Store::Job part_job(std::shared_ptr<const Line> line, const gateways::Gateway& gateway,
                                         gateways::InboundMessage piece, std::shared_ptr<Received> out);

/// Takes in what there is of texts whose other pieces have not come.
/// @param gateway  of an account; null when it is no longer configured
[[nodiscard]] store::Store::Job overdue_parts_job(
    std::shared_ptr<const Line> line,
    std::function<const gateways::Gateway*(std::string_view account)> gateway,
    std::shared_ptr<std::vector<std::shared_ptr<Received>>> out);

}  // namespace webhooks::inbound
