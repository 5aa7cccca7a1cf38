#include "webhooks/telemetry/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <boost/core/demangle.hpp>
#include <nlohmann/json.hpp>
#include <typeinfo>

#include "bot/json_text.hpp"

namespace webhooks::telemetry {

namespace {

std::string json_string(std::string_view text) { return bot::json_text(text); }

spdlog::logger make_logger() {
    spdlog::logger logger{"handrail", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
    logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc));
    logger.set_level(spdlog::level::info);
    logger.flush_on(spdlog::level::debug);
    return logger;
}

spdlog::logger& logger() {
    static spdlog::logger instance = make_logger();
    return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

}  // namespace

LogField::LogField(std::string_view name, const Safe& text) : key(name), json(json_string(text.value)) {}

void log(Level level, std::string_view event, std::initializer_list<LogField> fields) {
    const auto severity = to_spdlog(level);
    if (!logger().should_log(severity)) return;
    std::string line = R"("event":)" + json_string(event);
    for (const LogField& field : fields) line += ',' + json_string(field.key) + ':' + field.json;
    logger().log(severity, spdlog::string_view_t(line.data(), line.size()));
}

std::string type_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& thrown) {
        return boost::core::demangle(typeid(thrown).name());
    } catch (...) {
        return "unknown";
    }
}

void set_log_level(Level level) { logger().set_level(to_spdlog(level)); }

}  // namespace webhooks::telemetry
