#include "webhooks/telemetry/log.hpp"

#include <doctest.h>

#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "tests/shell/capture_stderr.hpp"

using webhooks::telemetry::Level;
using webhooks::telemetry::LogField;
using webhooks::telemetry::Safe;

// A phone number or a texter's words are strings: none of these may ever compile as a field (I15).
static_assert(!std::is_constructible_v<LogField, std::string_view, std::string>);
static_assert(!std::is_constructible_v<LogField, std::string_view, const std::string&>);
static_assert(!std::is_constructible_v<LogField, std::string_view, std::string_view>);
static_assert(!std::is_constructible_v<LogField, std::string_view, const char*>);
static_assert(!std::is_constructible_v<LogField, std::string_view, const void*>);
static_assert(!std::is_convertible_v<std::string, Safe> && !std::is_convertible_v<const char*, Safe>);
static_assert(std::is_constructible_v<LogField, std::string_view, Safe>);
static_assert(std::is_constructible_v<LogField, std::string_view, int>);
static_assert(std::is_constructible_v<LogField, std::string_view, std::size_t>);
static_assert(std::is_constructible_v<LogField, std::string_view, bool>);

namespace {

std::vector<nlohmann::json> lines_of(const std::string& text) {
    std::vector<nlohmann::json> lines;
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
        lines.push_back(nlohmann::json::parse(text.substr(start, end - start), nullptr, false));
        start = end + 1;
    }
    return lines;
}

}  // namespace

TEST_CASE("log: one JSON line with typed fields") {
    const auto lines = lines_of(test::captured_stderr([] {
        webhooks::telemetry::log(Level::warning, "signature_refused",
                                 {{"account", Safe("clinic")}, {"kept", 3}, {"busy", false}});
    }));
    REQUIRE(lines.size() == 1);
    const nlohmann::json& line = lines[0];
    CHECK(line["level"] == "warning");
    CHECK(line["event"] == "signature_refused");
    CHECK(line["account"] == "clinic");
    CHECK(line["kept"] == 3);
    CHECK(line["busy"] == false);
    const auto at = line["at"].get<std::string>();
    REQUIRE(at.size() == std::string_view("2026-11-24T13:09:00.123Z").size());
    CHECK(at[10] == 'T');
    CHECK(at.back() == 'Z');
}

TEST_CASE("log: what is written stays one line of valid JSON") {
    struct Row {
        const char* why;
        std::string value;
        std::string want;
    };
    const Row rows[]{
        {"a line break cannot forge a second line", "a\n{\"event\":\"forged\"}", "a\n{\"event\":\"forged\"}"},
        {"quotes and backslashes", R"(say "hi" \ there)", R"(say "hi" \ there)"},
        {"not UTF-8", "x\xff", "x\xEF\xBF\xBD"},
        {"format directives stay text", "{} %v {0}", "{} %v {0}"},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.why));
        const auto lines = lines_of(test::captured_stderr([&] {
            webhooks::telemetry::log(Level::error, "odd_value", {{"value", Safe(row.value)}});
        }));
        REQUIRE(lines.size() == 1);
        REQUIRE(lines[0].is_object());
        CHECK(lines[0]["value"] == row.want);
    }
}

TEST_CASE("log: the level is a floor") {
    const auto text = test::captured_stderr([] {
        webhooks::telemetry::log(Level::debug, "hidden");
        webhooks::telemetry::set_log_level(Level::error);
        webhooks::telemetry::log(Level::warning, "hidden_too");
        webhooks::telemetry::log(Level::error, "shown");
        webhooks::telemetry::set_log_level(Level::info);
    });
    CHECK(text.find("hidden") == std::string::npos);
    CHECK(text.find("shown") != std::string::npos);
}

TEST_CASE("log: lines of several threads do not mix") {
    constexpr int kThreads = 4;
    constexpr int kLines = 200;
    const auto lines = lines_of(test::captured_stderr([] {
        std::vector<std::jthread> threads;
        for (int t = 0; t < kThreads; ++t)
            threads.emplace_back([t] {
                for (int i = 0; i < kLines; ++i)
                    webhooks::telemetry::log(Level::info, "tick", {{"thread", t}, {"i", i}});
            });
    }));
    REQUIRE(lines.size() == kThreads * kLines);
    for (const auto& line : lines) CHECK(line["event"] == "tick");
}
