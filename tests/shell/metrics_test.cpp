#include "webhooks/telemetry/metrics.hpp"

#include <doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using webhooks::telemetry::Metrics;

namespace {

bool has_line(const std::string& page, const std::string& line) {
    return page.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("metrics: each event ends up in its series") {
    Metrics metrics;
    metrics.inbound("clinic", "accepted");
    metrics.inbound("clinic", "accepted");
    metrics.inbound("clinic", "duplicate");
    metrics.quarantined("clinic", "bad_signature");
    metrics.turn_failed("clinic");
    metrics.reply("crisis");
    metrics.handed_over("clinic", "sent", 40ms);
    metrics.consent("opted_out");
    metrics.escalation_opened("P0");
    metrics.acknowledged("P0", 90s);
    metrics.page_handed_over(300ms);
    metrics.hook("pager", "sent");
    metrics.set_queues(7, 1.5, 2, 61);
    metrics.set_connections(12);

    const std::string page = metrics.render();
    const char* lines[]{
        R"(handrail_inbound_total{account="clinic",result="accepted"} 2)",
        R"(handrail_inbound_total{account="clinic",result="duplicate"} 1)",
        R"(handrail_quarantined_total{account="clinic",reason="bad_signature"} 1)",
        R"(handrail_turns_failed_total{account="clinic"} 1)",
        R"(handrail_texts_queued_total{kind="crisis"} 1)",
        R"(handrail_handed_over_total{account="clinic",outcome="sent"} 1)",
        R"(handrail_receipt_to_hand_over_seconds_bucket{account="clinic",le="0.01"} 0)",
        R"(handrail_receipt_to_hand_over_seconds_bucket{account="clinic",le="0.05"} 1)",
        R"(handrail_consent_changes_total{to="opted_out"} 1)",
        R"(handrail_escalations_opened_total{priority="P0"} 1)",
        R"(handrail_time_to_acknowledge_seconds_bucket{priority="P0",le="60"} 0)",
        R"(handrail_time_to_acknowledge_seconds_bucket{priority="P0",le="120"} 1)",
        R"(handrail_page_hand_over_seconds_count 1)",
        R"(handrail_hook_deliveries_total{endpoint="pager",outcome="sent"} 1)",
        R"(handrail_outbox_queued 7)",
        R"(handrail_outbox_oldest_seconds 1.5)",
        R"(handrail_escalations_open 2)",
        R"(handrail_escalations_oldest_seconds 61)",
        R"(handrail_http_connections 12)",
    };
    for (const char* line : lines) {
        CAPTURE(std::string(line));
        CHECK(has_line(page, line));
    }
}

TEST_CASE("metrics: labels that run wild cannot grow memory without end") {
    Metrics metrics;
    for (int i = 0; i < 5'000; ++i) metrics.inbound("account" + std::to_string(i), "accepted");
    const std::string page = metrics.render();
    std::size_t series = 0;
    for (std::size_t at = page.find("handrail_inbound_total{"); at != std::string::npos;
         at = page.find("handrail_inbound_total{", at + 1))
        ++series;
    CHECK(series == 256);
}

TEST_CASE("metrics: counts of several threads add up") {
    Metrics metrics;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&metrics] {
                for (int i = 0; i < 1'000; ++i) metrics.inbound("clinic", i % 2 == 0 ? "accepted" : "busy");
            });
    }
    const std::string page = metrics.render();
    CHECK(has_line(page, R"(handrail_inbound_total{account="clinic",result="accepted"} 2000)"));
    CHECK(has_line(page, R"(handrail_inbound_total{account="clinic",result="busy"} 2000)"));
}
