#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// The line itself: its flows as graphs with who stands where, and figures over time. Net thread only.
class LineApi {
public:
    explicit LineApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

private:
    asio::awaitable<http::Response> flows(const Call& call);
    asio::awaitable<http::Response> flow(const Call& call);
    asio::awaitable<http::Response> numbers(const Call& call);
    asio::awaitable<http::Response> numbers_csv(const Call& call);

    struct Span;
    struct Read;
    [[nodiscard]] boost::system::result<Span, http::Response> span_of(const Call& call) const;
    [[nodiscard]] asio::awaitable<std::optional<Read>> read_numbers(Span span);

    const Parts& parts_;
};

/// Midnights in a zone from one day to the day after another, every day or every seventh.
[[nodiscard]] std::vector<bot::TimePoint> midnights(std::chrono::sys_days from, std::chrono::sys_days until,
                                                    bool weekly, const std::string& zone,
                                                    const bot::UtcOffset& offset);

}  // namespace webhooks::staff
