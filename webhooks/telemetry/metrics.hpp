#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace webhooks::telemetry {

/// What the line counts. Labels come from the configuration or fixed lists, never from user input.
/// Thread-safe.
class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void inbound(std::string_view account,
                 std::string_view result);  ///< accepted, duplicate, refused, malformed, busy
    void quarantined(std::string_view account, std::string_view why);  ///< bad_signature ...
    void turn_failed(std::string_view account);                        ///< an exception ended a turn
    void reply(std::string_view kind);                                 ///< queued texts by MessageKind
    void handed_over(std::string_view account, std::string_view outcome,
                     std::chrono::milliseconds since_receipt);
    void rerouted(std::string_view from, std::string_view to);   ///< accounts
    void set_gateway_down(std::string_view account, bool down);  ///< its breaker is open
    void consent(std::string_view to);
    void escalation_opened(std::string_view priority);
    void acknowledged(std::string_view priority, std::chrono::milliseconds after);
    void page_handed_over(std::chrono::milliseconds after_due);
    void sign_up(std::string_view result);  ///< asked, not_asked, or why it was refused (signup/signup.hpp)
    void hook(std::string_view endpoint, std::string_view outcome);
    void page(std::string_view way, std::string_view outcome);  ///< calls and e-mails: sent, failed
    void set_paging_sound(bool sound);                          ///< what the auditor found last
    void flows_reloaded(std::string_view outcome);              ///< taken, refused
    void set_queues(std::int64_t outbox, double outbox_oldest_s, std::int64_t escalations, double oldest_s);
    void set_connections(std::int64_t open);

    /// Prometheus text exposition format 0.0.4.
    [[nodiscard]] std::string render() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace webhooks::telemetry
