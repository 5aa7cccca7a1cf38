#include "webhooks/staff/secrets.hpp"

#include <doctest.h>

#include <date/tz.h>

#include "webhooks/net/parse_time.hpp"
#include "webhooks/net/time_zone.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/line_api.hpp"
#include "webhooks/staff/roles.hpp"
#include "webhooks/staff/session_api.hpp"
#include "webhooks/staff/throttle.hpp"

using namespace webhooks::staff;
using namespace std::chrono_literals;

TEST_CASE("second factor: the codes of RFC 6238, appendix B") {
    // "12345678901234567890" in base32; the RFC prints eight digits, of which these are the last six.
    constexpr std::string_view kSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    struct Row {
        std::int64_t seconds;
        const char* code;
    };
    constexpr Row kRows[]{{59, "287082"},
                          {1'111'111'109, "081804"},
                          {1'111'111'111, "050471"},
                          {1'234'567'890, "005924"},
                          {2'000'000'000, "279037"},
                          {20'000'000'000, "353130"}};
    for (const Row& row : kRows) {
        CAPTURE(row.seconds);
        CHECK(code_at(kSecret, row.seconds / 30) == row.code);
        const auto now = bot::from_millis(row.seconds * 1'000);
        const std::int64_t step = step_of_code(kSecret, row.code, 0, now);
        CHECK(step == row.seconds / 30);
        CHECK(step_of_code(kSecret, row.code, step, now) == 0);        // once
        CHECK(step_of_code(kSecret, row.code, 0, now + 60s) == 0);     // too late
        CHECK(step_of_code(kSecret, row.code, 0, now - 30s) == step);  // a clock behind ours
    }
    CHECK(code_at("", 1).empty());
    CHECK(code_at("not base32!", 1).empty());
}

TEST_CASE("passwords: a hash fits its password only, and nobody's fits none") {
    const std::string hash = hash_password("correct horse battery");
    CHECK(hash.starts_with("$argon2id$"));
    CHECK(password_fits(hash, "correct horse battery"));
    CHECK_FALSE(password_fits(hash, "correct horse batterz"));
    CHECK_FALSE(password_fits(hash_of_nobody(), ""));
    CHECK(fresh_secret() != fresh_secret());
    CHECK(fresh_secret().size() == 43);
}

TEST_CASE("throttle: free attempts, then a doubling wait, for that name at that address") {
    Throttle throttle;
    auto now = Throttle::Clock::now();
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(throttle.wait("Maya", "192.0.2.1", now));
        throttle.failed("Maya", "192.0.2.1", now);
    }
    CHECK(throttle.wait("Maya", "192.0.2.1", now) == 1s);
    throttle.failed("Maya", "192.0.2.1", now);
    CHECK(throttle.wait("Maya", "192.0.2.1", now) == 2s);
    CHECK_FALSE(throttle.wait("Maya", "192.0.2.2", now));  // she herself, elsewhere
    CHECK_FALSE(throttle.wait("Luis", "192.0.2.1", now));  // a colleague in the same office
    CHECK_FALSE(throttle.wait("Maya", "192.0.2.1", now + 2s));
    for (int i = 0; i < 60; ++i) throttle.failed("Maya", "192.0.2.1", now);
    CHECK(throttle.wait("Maya", "192.0.2.1", now) == 900s);
    throttle.failed("Luis", "192.0.2.9", now + 2h);  // what is an hour old is forgotten
    CHECK_FALSE(throttle.wait("Maya", "192.0.2.1", now + 2h));
}

TEST_CASE("names of staff: what a texter may be shown") {
    struct Row {
        const char* why;
        const char* name;
        bool good;
    };
    constexpr Row kRows[]{{"plain", "Maya", true},
                          {"two words", "Maya R.", true},
                          {"accent", "José", true},
                          {"apostrophe", "O'Neil", true},
                          {"twelve letters", "Abcdefghijkl", true},
                          {"thirteen", "Abcdefghijklm", false},
                          {"empty", "", false},
                          {"blank before", " Maya", false},
                          {"markup", "<b>", false},
                          {"a place in a path", "a/b", false},
                          {"a placeholder", "{org}", false}};
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        CHECK(is_staff_name(row.name) == row.good);
    }
}

TEST_CASE("roles: administrators read no conversation, and auditors change nothing") {
    const Permissions admin = permissions_of(bit_of(Role::administrator));
    CHECK_FALSE(admin.has(Permission::read_conversations));
    const Permissions auditor = permissions_of(bit_of(Role::auditor));
    for (const Permission one :
         {Permission::act, Permission::erase, Permission::manage_staff, Permission::reveal_numbers})
        CHECK_FALSE(auditor.has(one));
    CHECK(permissions_of(0).bits() == 0);
    CHECK(permissions_of(bit_of(Role::auditor) | bit_of(Role::counsellor)).has(Permission::read_audit));
    CHECK(parse_permission("export") == Permission::export_contact);
    CHECK_FALSE(parse_permission("EXPORT"));
}

TEST_CASE("figures: a day is as long as it is where the line is") {
    using namespace date::literals;
    const auto day = [](date::year_month_day ymd) {
        return std::chrono::sys_days{date::sys_days{ymd}.time_since_epoch()};
    };
    const auto edges = midnights(day(2026_y / 3 / 7), day(2026_y / 3 / 9), false, "America/New_York",
                                 webhooks::net::utc_offset());
    REQUIRE(edges.size() == 4);
    CHECK(edges[1] - edges[0] == 24h);
    CHECK(edges[2] - edges[1] == 23h);  // clocks go forward on 8 March 2026
    CHECK(edges[3] - edges[2] == 24h);
    CHECK(edges[0] == webhooks::net::parse_time("2026-03-07T05:00:00Z"));
    CHECK(webhooks::net::parse_time("2026-03-07T00:00:00-05:00") == edges[0]);
    CHECK_FALSE(webhooks::net::parse_time("2026-03-07"));
    CHECK_FALSE(webhooks::net::parse_time("2026-03-07T05:00:00Z and more"));
    CHECK(midnights(day(2026_y / 3 / 7), day(2026_y / 3 / 20), true, "UTC", webhooks::net::utc_offset())
              .size() == 3);
}
