#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <vector>

#include "http_wire.hpp"
#include "latencies.hpp"
#include "traffic.hpp"

namespace bench {

struct LoadOptions {
    int port = 8080;
    int gateway_port = 0;  ///< where we stand in for the gateway and take texts; 0: nobody sends any
    std::size_t connections = 64;
    double rate = 0;     ///< arrivals a second (Poisson), whatever the server does; 0: closed loop
    double warm_up = 1;  ///< seconds not counted
    double seconds = 5;
    double settle = 0;  ///< seconds to go on taking texts after the last inbound
};

struct LoadResult {
    std::size_t ok = 0;
    std::map<int, std::size_t> refused;  ///< by status
    double seconds = 0;
    Latencies answered;     ///< from when the text was due to leave, to its 200
    Latencies handed_over;  ///< from the same instant to the first text to that contact at the gateway
    std::size_t texts_taken = 0;
    std::size_t backlog = 0;  ///< open loop: arrivals that never got a connection
    bool ran_out = false;     ///< all of the prepared traffic was used before the time was up
};

/// Plays texters and gateway against one server, on one thread with one clock. In the open loop latency
/// counts from the instant a text was due to be sent, so that a server that stalls cannot hide it (no
/// coordinated omission).
class Load {
public:
    Load(LoadOptions options, const std::vector<Inbound>& traffic, std::uint64_t seed);
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    [[nodiscard]] LoadResult run();

private:
    struct Texter {
        Socket socket;
        std::string in;
        Clock::time_point due;
    };
    struct GatewayConnection {
        Socket socket;
        std::string in;
    };
    void watch(int fd, std::uint64_t tag);
    void wait_and_serve(Clock::time_point until);
    void fire(std::size_t texter, Clock::time_point due);
    void fire_arrivals(Clock::time_point now);
    void hear_answer(std::size_t texter);
    void take_texts(std::size_t connection);
    void take_text(std::string_view body);
    void start_counting(Clock::time_point now);

    LoadOptions options_;
    const std::vector<Inbound>& traffic_;
    std::mt19937_64 random_;
    LoadResult result_;
    Socket epoll_;
    Socket listener_;
    std::vector<Texter> texters_;
    std::vector<GatewayConnection> gateway_;
    std::deque<std::size_t> idle_;  ///< the one that rested longest fires next: the server closes a
                                    ///< connection it hears nothing from
    std::deque<Clock::time_point> arrivals_;
    Clock::time_point next_arrival_;
    std::vector<Clock::time_point> unanswered_;  ///< by contact: when its oldest unanswered text was due
    std::size_t next_ = 0;
    bool sending_ = true;
    bool counting_ = false;
};

}  // namespace bench
