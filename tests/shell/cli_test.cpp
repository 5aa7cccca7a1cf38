#include <doctest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/shell/example_config.hpp"
#include "tests/shell/run_handrail.hpp"

// The command line as an operator meets it: the real program, its exit codes and what it prints.

namespace {

constexpr const char* kCanary = "CANARY0123456789abcdef0123456789";

}  // namespace

TEST_CASE("cli: usage") {
    struct Row {
        const char* why;
        std::vector<std::string> arguments;
        int status;
    };
    const Row rows[]{
        {"help is no error", {"--help"}, 0},
        {"version", {"--version"}, 0},
        {"help of serve", {"serve", "--help"}, 0},
        {"help of chat", {"chat", "--help"}, 0},
        {"help of classify", {"classify", "--help"}, 0},
        {"help of flows", {"flows", "--help"}, 0},
        {"help of flows check", {"flows", "check", "--help"}, 0},
        {"help of flows test", {"flows", "test", "--help"}, 0},
        {"help of flows graph", {"flows", "graph", "--help"}, 0},
        {"help of config check", {"config", "check", "--help"}, 0},
        {"help of quarantine list", {"quarantine", "list", "--help"}, 0},
        {"help of quarantine replay", {"quarantine", "replay", "--help"}, 0},
        {"help of doctor", {"doctor", "--help"}, 0},
        {"no subcommand", {}, 64},
        {"unknown subcommand", {"frobnicate"}, 64},
        {"unknown option", {"config", "check", "--loud"}, 64},
        {"half a subcommand", {"config"}, 64},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.why));
        CHECK(test::run_handrail(row.arguments).status == row.status);
    }
    CHECK(test::run_handrail({"--version"}).out == "handrail 0.1.0\n");
}

TEST_CASE("cli: config check says OK with a summary that holds no secret") {
    REQUIRE(::setenv("TWILIO_AUTH_TOKEN", kCanary, 1) == 0);
    const test::Scratch scratch;
    const std::string file = scratch.file("h.toml", test::filled_example());
    const test::Ran ran = test::run_handrail({"config", "check", "--config", file});
    CAPTURE(ran.err);
    CHECK(ran.status == 0);
    CHECK(ran.out.starts_with(file + ": OK\n"));
    CHECK(ran.out.find("/webhooks/twilio/clinic/sms") != std::string::npos);
    CHECK((ran.out + ran.err).find("CANARY") == std::string::npos);
}

TEST_CASE("cli: config check lists every error and exits with 78") {
    const test::Scratch scratch;
    const std::string file =
        scratch.file("h.toml", "[server]\nport = 0\nauth_token = \"CANARY0123456789\"\n");
    const test::Ran ran = test::run_handrail({"config", "check", "--config", file});
    CHECK(ran.status == 78);
    CHECK(ran.out.empty());
    CHECK(ran.err.find(file + ":2: server.port: must be") != std::string::npos);
    CHECK(ran.err.find(file + ":3: server.auth_token: is not a key") != std::string::npos);
    CHECK(ran.err.find("gateway: is missing") != std::string::npos);
    CHECK(ran.err.find("CANARY") == std::string::npos);
}

TEST_CASE("cli: config check reads the flows too, and lists what is wrong with them among the rest") {
    REQUIRE(::setenv("TWILIO_AUTH_TOKEN", kCanary, 1) == 0);
    const test::Scratch scratch;
    const std::string flows = std::filesystem::path(scratch.file("flows.json", "{")).parent_path().string();
    std::string text = test::filled_example();
    const std::size_t at = text.find("# flows = ");
    REQUIRE(at != std::string::npos);
    text.replace(at, text.find('\n', at) - at, "flows = \"" + flows + "\"");
    SUBCASE("a good configuration") {}
    SUBCASE("a broken one") { text += "loud = true\n"; }
    const bool broken = text.ends_with("loud = true\n");
    const test::Ran ran = test::run_handrail({"config", "check", "--config", scratch.file("h.toml", text)});
    CAPTURE(ran.err);
    CHECK(ran.status == 78);
    CHECK(ran.out.empty());
    CHECK(ran.err.find(flows) != std::string::npos);
    CHECK((ran.err.find("log.loud: is not a key") != std::string::npos) == broken);
}

TEST_CASE("cli: config check knows the texts that a ladder of one's own names") {
    REQUIRE(::setenv("TWILIO_AUTH_TOKEN", kCanary, 1) == 0);
    const test::Scratch scratch;
    const std::string ladder =
        "[oncall.p0]\nrungs = [{ after = \"0s\", page = [\"Maya\"] },"
        " { after = \"2m\", page = [\"Luis\"], tell_texter = \"NOA.77\" }]\n";
    const test::Ran ran = test::run_handrail(
        {"config", "check", "--config", scratch.file("h.toml", test::filled_example() + ladder)});
    CHECK(ran.status == 78);
    CHECK(ran.err.find("oncall: a rung tells the texter NOA.77") != std::string::npos);
}
