#pragma once
#include "webhooks/config.hpp"
#include "webhooks/config_reader.hpp"

namespace webhooks {

// The sections of the file, each reading its table into its part of `Config`.
void read_sections(ConfigTable root, Config& config);
void read_gateways(ConfigTable& root, Config& config);
void read_sending(ConfigTable sending, Config& config);
void read_reconcile(ConfigTable reconcile, Config& config);
void read_oncall(ConfigTable& root, Config& config);
// Parts of [oncall]. People come first: the others name them.
void read_people(ConfigTable& oncall, Config& config);
void read_rota(ConfigTable& oncall, Config& config);
void read_hooks(ConfigTable& root, Config& config);
void read_webhooks(ConfigTable webhooks, Config& config);
void read_sign_up(ConfigTable& root, Config& config);
void read_staff(ConfigTable section, Config& config);

/// One of our own numbers to send from, `{ gateway = "...", number = "..." }`; the first there is when
/// nothing is said. To be called after `read_gateways`.
void read_own_number(ConfigTable table, const Config& config, std::string& account, std::string& channel);

/// The ladders of the content brief, 2A: the first person, or whoever the first schedule names, is on call,
/// the second their backup, then everybody.
[[nodiscard]] std::array<bot::EscalationPolicy, 4> default_policies(const oncall::Roster& roster);

/// "2026-01-05T09:00"
[[nodiscard]] std::optional<bot::WallTime> parse_wall_time(std::string_view text);

}  // namespace webhooks
