#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace webhooks::telemetry {

/// Marks a string as safe to log: a name from the configuration, a row id, an error code. Never a texter's
/// words, a number, a secret. There is no other way to log a string, so that nothing leaks by accident (T17,
/// I15).
struct Safe {
    explicit Safe(std::string_view text) : value(text) {}
    std::string value;
};

struct LogField {
    LogField(std::string_view name, std::int64_t number);
    LogField(std::string_view name, bool flag);
    LogField(std::string_view name, Safe text);

    std::string_view key;
    std::string json;
};

enum class Level { debug, info, warning, error };

/// One JSON line on standard error: {"at","level","event", fields...}. Thread-safe.
void log(Level level, std::string_view event, std::initializer_list<LogField> fields = {});
void set_log_level(Level level);

}  // namespace webhooks::telemetry
