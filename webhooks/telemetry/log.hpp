#pragma once
#include <concepts>
#include <cstdint>
#include <exception>
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

/// One named value of a log line. `name` must outlive the call (a literal).
struct LogField {
    template <std::integral Number>
    requires(!std::same_as<Number, bool>) LogField(std::string_view name, Number number)
        : key(name), json(std::to_string(number)) {}
    /// Exactly a bool, so that neither a pointer nor a `const char*` slips in as "true".
    template <std::same_as<bool> Flag>
    LogField(std::string_view name, Flag flag) : key(name), json(flag ? "true" : "false") {}
    LogField(std::string_view name, const Safe& text);

    std::string_view key;
    std::string json;
};

enum class Level { debug, info, warning, error };

/// One JSON line on standard error: {"at","level","event", fields...}, `at` in UTC with milliseconds.
/// Thread-safe; a line is written whole. `event` is a literal of lower-case words: "store_failed".
void log(Level level, std::string_view event, std::initializer_list<LogField> fields = {});
/// Lines below this level are dropped; `info` at start.
void set_log_level(Level level);

/// The type of an exception, which is all of it that may be logged: its words may quote a text or a number.
[[nodiscard]] std::string type_of(const std::exception_ptr& failure);

}  // namespace webhooks::telemetry
