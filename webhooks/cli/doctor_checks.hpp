#pragma once
#include "webhooks/cli/doctor_report.hpp"
#include "webhooks/config.hpp"

/// The parts of `handrail doctor`; each reports what it finds and changes nothing.
namespace webhooks::cli {

void check_flows(const Config& config, DoctorReport& report);
void check_on_call(const Config& config, DoctorReport& report);
/// Store, key, permissions, room on the disk. @param serving  the server has the store open and can commit
void check_files(const Config& config, bool serving, DoctorReport& report);

/// Asks the running server, by its admin listener. @return true when it is ready
[[nodiscard]] bool check_server(const Config& config, DoctorReport& report);
/// Calls every account's probe path at the public URL, signed as its gateway signs; asks the gateways what
/// they call and with which credentials; compares clocks.
void check_gateways(const Config& config, DoctorReport& report);

}  // namespace webhooks::cli
