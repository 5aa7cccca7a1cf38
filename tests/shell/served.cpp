#include "tests/shell/served.hpp"

#include <doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

namespace test {

namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 30s;  // a sanitizer build on a busy machine

std::string contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// In the child: never returns.
[[noreturn]] void become(const std::string& directory, const std::vector<std::string>& command,
                         const std::string& out, const std::string& err) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const int to_out = ::open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int to_err = ::open(err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (::chdir(directory.c_str()) == 0 && ::dup2(to_out, 1) == 1 && ::dup2(to_err, 2) == 2)
        ::execv(arguments.front(), arguments.data());
    ::_exit(127);
}

template <class Condition>
bool comes_true(Condition&& condition) {
    for (const auto end = std::chrono::steady_clock::now() + kPatience;
         std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(10ms)) {
        if (condition()) return true;
    }
    return condition();
}

}  // namespace

std::uint16_t free_port() {
    boost::asio::io_context io;
    const boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
    return acceptor.local_endpoint().port();
}

tests::Reply exchange(std::uint16_t port, const std::string& method, const std::string& target,
                      const std::string& header_lines, const std::string& body) {
    tests::RawClient client(port);
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
    request += header_lines;
    if (method == "POST") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    request += "\r\n" + body;
    REQUIRE(client.send(request));
    auto reply = client.read_reply();
    REQUIRE(reply.has_value());
    return std::move(*reply);
}

Served::Served(const Scratch& in, std::uint16_t port, std::uint16_t admin_port)
    : Served(in, {"--port", std::to_string(port), "--admin-port", std::to_string(admin_port)}, port,
             admin_port) {}

Served::Served(const Scratch& in, std::vector<std::string> arguments, std::uint16_t port,
               std::uint16_t admin_port)
    : out_path_(in.path("served.out")),
      err_path_(in.path("served.err")),
      port_(port),
      admin_port_(admin_port) {
    arguments.insert(arguments.begin(), {HANDRAIL_BINARY, "serve"});
    process_ = ::fork();
    REQUIRE(process_ >= 0);
    if (process_ == 0) become(in.path("."), arguments, out_path_, err_path_);
    REQUIRE(comes_true([this] { return has_ended() || is_ready(); }));
}

Served::~Served() {
    if (has_ended()) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

bool Served::is_ready() const {
    try {
        tests::RawClient client(admin_port_);
        if (!client.send("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
            return false;
        const auto reply = client.read_reply();
        return reply && reply->status == 200;
    } catch (const boost::system::system_error&) {
        return false;
    }
}

bool Served::has_ended() {
    if (status_ >= 0) return true;
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) != process_) return false;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

tests::Reply Served::get(const std::string& target, const std::string& header_lines) const {
    return exchange(port_, "GET", target, header_lines);
}

tests::Reply Served::post(const std::string& target, const std::string& json) const {
    return exchange(port_, "POST", target, "Content-Type: application/json\r\n", json);
}

tests::Reply Served::admin(const std::string& target) const { return exchange(admin_port_, "GET", target); }

void Served::signal(int number) const { REQUIRE(::kill(process_, number) == 0); }

int Served::ended() {
    REQUIRE(comes_true([this] { return has_ended(); }));
    return status_;
}

std::string Served::out() const { return contents_of(out_path_); }
std::string Served::err() const { return contents_of(err_path_); }

}  // namespace test
