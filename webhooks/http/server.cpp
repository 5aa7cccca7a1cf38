#include "webhooks/http/server.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

#include "webhooks/http/peer.hpp"
#include "webhooks/http/session.hpp"
#include "webhooks/http/task_group.hpp"
#include "webhooks/http/tls.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::http {

namespace {

using asio::ip::tcp;
using boost::system::error_code;
using net::as_result;
using std::chrono::milliseconds;

constexpr milliseconds kAcceptPause{100};
constexpr milliseconds kCutGrace{1'000};
constexpr std::size_t kMaxTurnedAway = 64;

tcp::acceptor listen_on(asio::io_context& io, const Listen& listen) {
    try {
        const tcp::endpoint endpoint(asio::ip::make_address(listen.address), listen.port);
        return {io, endpoint};
    } catch (const boost::system::system_error& failed) {
        throw std::runtime_error("cannot listen on " + listen.address + " port " +
                                 std::to_string(listen.port) + ": " + failed.code().message());
    }
}

/// How often deadlines are looked at: a tenth of the shortest.
milliseconds sweep_interval(const Limits& limits) {
    const milliseconds shortest = std::min({limits.header_deadline, limits.request_deadline,
                                            limits.write_deadline, limits.idle_timeout, milliseconds{2'500}});
    return std::max(shortest / 10, milliseconds{5});
}

}  // namespace

struct Server::Impl {
    Impl(asio::io_context& io, Listen listen, const Router& router)
        : shared{listen.limits,
                 {listen.limits.headers, listen.limits.body_bytes, std::move(listen.hosts)},
                 router,
                 open_tls(listen.tls),
                 {}},
          acceptor(listen_on(io, listen)),
          port(acceptor.local_endpoint().port()),
          tasks(io.get_executor()),
          sweep_timer(io) {}

    static asio::awaitable<void> accept(std::shared_ptr<Impl> self);
    static asio::awaitable<void> sweep(std::shared_ptr<Impl> self);
    static asio::awaitable<void> serve(std::shared_ptr<Impl> self, std::shared_ptr<Session> session,
                                       asio::ip::address network);
    static asio::awaitable<void> turn_away(std::shared_ptr<Impl> self, std::shared_ptr<Session> session);
    void admit(const std::shared_ptr<Impl>& self, tcp::socket socket);
    void stop_accepting(const std::shared_ptr<Impl>& self);
    bool full_for(const asio::ip::address& network) const;
    void stop();

    Shared shared;
    tcp::acceptor acceptor;
    const std::uint16_t port;
    TaskGroup tasks;
    asio::steady_timer sweep_timer;
    std::unordered_set<Session*> sessions;  // each leaves when its coroutine ends
    std::unordered_set<Session*> turned_away;
    std::unordered_map<asio::ip::address, std::size_t> peers;
    bool stopped = false;
};

bool Server::Impl::full_for(const asio::ip::address& network) const {
    if (sessions.size() >= shared.limits.connections) return true;
    if (network.is_loopback()) return false;
    const auto peer = peers.find(network);
    return peer != peers.end() && peer->second >= shared.limits.connections_per_peer;
}

void Server::Impl::admit(const std::shared_ptr<Impl>& self, tcp::socket socket) {
    error_code gone;
    const tcp::endpoint peer = socket.remote_endpoint(gone);
    if (gone) return;
    socket.set_option(tcp::no_delay(true), gone);
    const asio::ip::address network = network_of(peer.address());
    auto session = std::make_shared<Session>(std::move(socket), peer.address().to_string(), shared);
    if (!full_for(network)) {
        tasks.spawn(serve(self, std::move(session), network));
    } else if (turned_away.size() < kMaxTurnedAway) {
        tasks.spawn(turn_away(self, std::move(session)));
    }
}

asio::awaitable<void> Server::Impl::serve(std::shared_ptr<Impl> self, std::shared_ptr<Session> session,
                                          asio::ip::address network) {
    struct Registration {
        Impl& impl;
        Session* const session;
        const asio::ip::address& network;
        ~Registration() {
            impl.sessions.erase(session);
            const auto peer = impl.peers.find(network);
            if (--peer->second == 0) impl.peers.erase(peer);
        }
    };
    self->sessions.insert(session.get());
    ++self->peers[network];
    const Registration registration{*self, session.get(), network};
    co_await Session::serve(session);
}

asio::awaitable<void> Server::Impl::turn_away(std::shared_ptr<Impl> self, std::shared_ptr<Session> session) {
    struct Registration {
        Impl& impl;
        Session* const session;
        ~Registration() { impl.turned_away.erase(session); }
    };
    self->turned_away.insert(session.get());
    const Registration registration{*self, session.get()};
    co_await Session::turn_away(session);
}

asio::awaitable<void> Server::Impl::accept(std::shared_ptr<Impl> self) {
    asio::steady_timer pause(self->acceptor.get_executor());
    bool complained = false;
    for (;;) {
        auto [failed, socket] = co_await self->acceptor.async_accept(as_result);
        if (!failed) self->admit(self, std::move(socket));
        if (self->shared.draining || self->stopped) co_return;
        if (!failed) {
            complained = false;
            continue;
        }
        // Out of file descriptors, most likely: trying again at once would only burn the processor.
        if (!std::exchange(complained, true)) {
            telemetry::log(telemetry::Level::error, "accept_failed", {{"error", failed.value()}});
        }
        pause.expires_after(kAcceptPause);
        co_await pause.async_wait(as_result);
    }
}

asio::awaitable<void> Server::Impl::sweep(std::shared_ptr<Impl> self) {
    const milliseconds interval = sweep_interval(self->shared.limits);
    while (!self->stopped) {
        self->sweep_timer.expires_after(interval);
        co_await self->sweep_timer.async_wait(as_result);
        const auto now = Session::Clock::now();
        for (Session* session : self->sessions) session->check_deadline(now);
        for (Session* session : self->turned_away) session->check_deadline(now);
    }
}

/// Connections the kernel has already accepted for us are ours: closing the listener would reset them.
void Server::Impl::stop_accepting(const std::shared_ptr<Impl>& self) {
    error_code failed;
    acceptor.non_blocking(true, failed);
    while (!failed) {
        tcp::socket socket(acceptor.get_executor());
        acceptor.accept(socket, failed);
        if (!failed) admit(self, std::move(socket));
    }
    acceptor.close(failed);
}

void Server::Impl::stop() {
    stopped = true;
    error_code ignored;
    acceptor.close(ignored);
    sweep_timer.cancel();
    for (Session* session : sessions) session->cut();
    for (Session* session : turned_away) session->cut();
}

Server::Server(asio::io_context& io, Listen listen, const Router& router)
    : impl_(std::make_shared<Impl>(io, std::move(listen), router)) {}

Server::~Server() { impl_->stop(); }

void Server::start() {
    const asio::any_io_executor executor = impl_->acceptor.get_executor();
    net::spawn(executor, Impl::accept(impl_));
    net::spawn(executor, Impl::sweep(impl_));
}

std::uint16_t Server::port() const noexcept { return impl_->port; }

std::size_t Server::open_connections() const noexcept { return impl_->sessions.size(); }

asio::awaitable<bool> Server::drain(milliseconds grace) {
    const std::shared_ptr<Impl> impl = impl_;
    impl->shared.draining = true;
    impl->stop_accepting(impl);
    for (Session* session : impl->sessions) session->drain();
    const bool finished = co_await impl->tasks.wait_idle(grace);
    impl->stop();
    if (!finished) {
        // Handlers that still run are told as well; who does not listen is abandoned.
        impl->tasks.cancel(asio::cancellation_type::terminal);
        co_await impl->tasks.wait_idle(kCutGrace);
    }
    co_return finished;
}

}  // namespace webhooks::http
