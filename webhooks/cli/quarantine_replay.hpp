#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "webhooks/config.hpp"
#include "webhooks/gateways/gateway.hpp"
#include "webhooks/inbound/line.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::cli {

/// One line: id, time, account, reason. No number, no words.
[[nodiscard]] std::string describe(const store::QuarantineEntry& entry);

/// What became of one entry. `what` holds no number and no words of the texter.
struct Replayed {
    bool accepted = false;
    std::string what;
};

/// Hands quarantined webhooks over as if they came now. Blocking; not for the net thread.
class Replay {
public:
    Replay(const Config& config, std::shared_ptr<const inbound::Line> line, store::Store& store);

    /// Verifies as of the time of receipt (a signed time stamp has not grown old by lying here), records,
    /// answers and takes the entry out, all in one transaction. What does not verify is not touched.
    /// @param named  chosen by its id: only so is one taken that came under a signature used before
    [[nodiscard]] Replayed one(const store::QuarantineEntry& entry, bool named);

private:
    Replayed hand_over(const store::QuarantineEntry& entry, const gateways::Gateway& gateway,
                       std::vector<gateways::InboundMessage> messages);

    std::shared_ptr<const inbound::Line> line_;
    store::Store& store_;
    std::map<std::string, std::unique_ptr<gateways::Gateway>, std::less<>> gateways_;
};

}  // namespace webhooks::cli
