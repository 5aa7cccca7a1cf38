#pragma once
#include "webhooks/config.hpp"
#include "webhooks/config_reader.hpp"

namespace webhooks {

// The sections of the file, each reading its table into its part of `Config`.
void read_sections(ConfigTable root, Config& config);
void read_gateways(ConfigTable& root, Config& config);
void read_sending(ConfigTable sending, Config& config);
void read_oncall(ConfigTable& root, Config& config);
void read_hooks(ConfigTable& root, Config& config);
void read_sign_up(ConfigTable& root, Config& config);

/// One of our own numbers to send from, `{ gateway = "...", number = "..." }`; the first there is when
/// nothing is said. To be called after `read_gateways`.
void read_own_number(ConfigTable table, const Config& config, std::string& account, std::string& channel);

/// The ladders of the content brief, 2A: the first person is on call, the second their backup, then
/// everybody.
[[nodiscard]] std::array<bot::EscalationPolicy, 4> default_policies(
    const std::vector<bot::Responder>& people);

}  // namespace webhooks
