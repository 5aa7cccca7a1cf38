#pragma once
#include <CLI/App.hpp>

namespace webhooks::cli {

// Exit codes; the last two as in sysexits.h.
inline constexpr int kDone = 0;
inline constexpr int kFoundWrong = 1;
inline constexpr int kBadUsage = 64;
inline constexpr int kBadConfig = 78;

/// Parse the command line and run one subcommand. @return the exit code: 0 done, 1 the command found
/// something wrong, 64 bad usage, 78 bad configuration or flows (sysexits.h).
[[nodiscard]] int run(int argc, char** argv);

// One file each: adds its subcommand and, when chosen, sets `exit_code`.
void add_serve(CLI::App& app, int& exit_code);
void add_fallback(CLI::App& app, int& exit_code);
void add_chat(CLI::App& app, int& exit_code);
void add_classify(CLI::App& app, int& exit_code);
void add_flows(CLI::App& app, int& exit_code);
void add_config(CLI::App& app, int& exit_code);
void add_quarantine(CLI::App& app, int& exit_code);
void add_halt(CLI::App& app, int& exit_code);
void add_oncall(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
void add_staff(CLI::App& app, int& exit_code);
void add_contact(CLI::App& app, int& exit_code);

}  // namespace webhooks::cli
