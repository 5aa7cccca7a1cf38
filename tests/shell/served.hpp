#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/http/raw_client.hpp"
#include "tests/shell/run_handrail.hpp"

namespace test {

/// A port of loopback that was free a moment ago.
[[nodiscard]] std::uint16_t free_port();

/// The real server in a directory of the test's, until its end or the test's.
class Served {
public:
    /// Starts it and waits until it is ready, or has ended by itself. @param arguments  after "serve"
    Served(const Scratch& in, std::vector<std::string> arguments, std::uint16_t port,
           std::uint16_t admin_port);
    /// The demo, on free ports.
    explicit Served(const Scratch& in) : Served(in, free_port(), free_port()) {}
    ~Served();
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] tests::Reply get(const std::string& target, const std::string& header_lines = {}) const;
    [[nodiscard]] tests::Reply post(const std::string& target, const std::string& json) const;
    [[nodiscard]] tests::Reply admin(const std::string& target) const;

    void signal(int number) const;
    /// Waits for the end. @return exit code; 128 + signal when it was killed
    [[nodiscard]] int ended();
    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;

private:
    Served(const Scratch& in, std::uint16_t port, std::uint16_t admin_port);
    [[nodiscard]] bool is_ready() const;
    [[nodiscard]] bool has_ended();

    std::string out_path_, err_path_;
    std::uint16_t port_, admin_port_;
    pid_t process_ = -1;
    int status_ = -1;
};

/// One request on a connection of its own. @param header_lines  whole lines, each with its CRLF
[[nodiscard]] tests::Reply exchange(std::uint16_t port, const std::string& method, const std::string& target,
                                    const std::string& header_lines = {}, const std::string& body = {});

}  // namespace test
