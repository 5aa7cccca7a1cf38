#pragma once
#include <memory>
#include <string>

#include "bot/language.hpp"
#include "webhooks/inbound/turns.hpp"

namespace webhooks::inbound {

/// A number given on the sign-up page, checked.
struct SignUpRequest {
    std::string number;  ///< E.164
    bot::Language language = bot::Language::en;
    std::string wording;  ///< what the page said, for the consent ledger
    std::string account;  ///< the question leaves by this gateway account ...
    std::string channel;  ///< ... and this number of ours
};

/// The sign-up as one job. Whatever the number is to us the job writes something, so that the time of its
/// commit tells nothing. Never asks people on call or our own numbers. May run again after a rollback; `out`
/// then holds the last run.
[[nodiscard]] store::Store::Job sign_up_job(std::shared_ptr<const Line> line, SignUpRequest request,
                                            std::shared_ptr<TurnOutcome> out);

}  // namespace webhooks::inbound
