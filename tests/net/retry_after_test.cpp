#include "webhooks/net/retry_after.hpp"

#include <doctest.h>

namespace net = webhooks::net;
using namespace std::chrono_literals;

TEST_CASE("retry after: seconds, or a date against the reply's own") {
    struct Row {
        const char* why;
        const char* retry_after;
        const char* date;
        std::optional<std::chrono::seconds> want;
    };
    static const Row kRows[]{
        {"seconds", "120", nullptr, 120s},
        {"at once", "0", nullptr, 0s},
        {"longer than a day", "86401", nullptr, 86'400s},
        {"endless", "99999999999999999999", nullptr, 86'400s},
        {"negative", "-5", nullptr, std::nullopt},
        {"empty", "", nullptr, std::nullopt},
        {"words", "soon", nullptr, std::nullopt},
        {"a fraction", "1.5", nullptr, std::nullopt},
        {"a date", "Tue, 24 Nov 2026 06:01:30 GMT", "Tue, 24 Nov 2026 06:00:00 GMT", 90s},
        {"a date gone by", "Tue, 24 Nov 2026 05:00:00 GMT", "Tue, 24 Nov 2026 06:00:00 GMT", 0s},
        {"a date with nothing to compare", "Tue, 24 Nov 2026 06:01:30 GMT", nullptr, std::nullopt},
        {"a date against words", "Tue, 24 Nov 2026 06:01:30 GMT", "yesterday", std::nullopt},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.why);
        net::IncomingReply reply{429, "", {{"retry-after", row.retry_after}}};
        if (row.date != nullptr) reply.headers.emplace_back("date", row.date);
        CHECK((net::retry_after(reply) == row.want));
    }
    CHECK_FALSE(net::retry_after({429, "", {}}).has_value());
}
