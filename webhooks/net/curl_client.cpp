#include "webhooks/net/curl_client.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "webhooks/net/curl_exchange.hpp"

namespace webhooks::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr long kConnectionsPerHost = 320;
constexpr long kConnections = 512;
constexpr std::size_t kSpareHandles = 64;

class CurlCategory final : public boost::system::error_category {
public:
    explicit CurlCategory(const char* name) : name_(name) {}
    const char* name() const noexcept override { return name_; }
    std::string message(int value) const override { return curl_easy_strerror(static_cast<CURLcode>(value)); }

private:
    const char* name_;
};

class NetCategory final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "net"; }
    std::string message(int value) const override {
        switch (static_cast<Error>(value)) {
            case Error::withdrawn:
                return "withdrawn before sending";
            case Error::reply_too_large:
                return "the reply is too large";
            case Error::bad_request:
                return "a header holds a line break";
            case Error::private_address:
                return "leads to an address that is not public";
        }
        return "unknown";
    }
};

bool is_one_line(const std::string& header) {
    return std::all_of(header.begin(), header.end(),
                       [](char c) { return c == '\t' || static_cast<unsigned char>(c) >= ' '; });
}

void start_libcurl_once() {
    static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (kStarted != CURLE_OK) throw std::runtime_error("libcurl cannot start");
}

}  // namespace

const boost::system::error_category& net_category() noexcept {
    static const NetCategory kCategory;
    return kCategory;
}

const boost::system::error_category& curl_category() noexcept {
    static const CurlCategory kCategory("curl");
    return kCategory;
}

const boost::system::error_category& curl_unsent_category() noexcept {
    static const CurlCategory kCategory("curl_unsent");
    return kCategory;
}

bool certainly_not_sent(const error_code& failure) noexcept {
    return failure == Error::withdrawn || failure == Error::bad_request ||
           failure == Error::private_address || (failure && failure.category() == curl_unsent_category());
}

/// The multi handle between Asio and libcurl. libcurl says which sockets it wants watched and when it wants
/// to be called; it is never called from inside one of its own callbacks.
struct CurlClient::Impl {
    explicit Impl(asio::any_io_executor ex) : executor(ex), timer(ex) {
        start_libcurl_once();
        multi = curl_multi_init();
        if (multi == nullptr) throw std::bad_alloc();
        curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
        curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Impl::on_timer);
        curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
        curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, kConnectionsPerHost);
        curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, kConnections);
    }
    ~Impl() {
        curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, nullptr);
        curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, nullptr);
        while (!exchanges.empty()) finish(*exchanges.begin()->second, asio::error::operation_aborted);
        spare.clear();
        curl_multi_cleanup(multi);  // closes what it kept, through on_close
        for (auto& [socket, watch] : watches) watch->abandon();
    }

    /// One of libcurl's sockets, watched through a descriptor of our own: libcurl may close its own any time.
    struct Watch : std::enable_shared_from_this<Watch> {
        Watch(Impl& client, curl_socket_t socket, int copy)
            : owner(&client), watched(socket), descriptor(client.executor, copy) {}

        void arm() {
            if ((want & CURL_POLL_IN) != 0 && !reading) {
                reading = true;
                descriptor.async_wait(descriptor.wait_read, [self = shared_from_this()](error_code failed) {
                    self->reading = false;
                    self->ready(failed, CURL_POLL_IN, CURL_CSELECT_IN);
                });
            }
            if ((want & CURL_POLL_OUT) != 0 && !writing) {
                writing = true;
                descriptor.async_wait(descriptor.wait_write, [self = shared_from_this()](error_code failed) {
                    self->writing = false;
                    self->ready(failed, CURL_POLL_OUT, CURL_CSELECT_OUT);
                });
            }
        }
        void ready(error_code failed, int wanted, int event) {
            if (failed == asio::error::operation_aborted && owner != nullptr) return arm();
            if (owner == nullptr || (want & wanted) == 0) return;  // no longer wanted
            owner->act(watched, failed ? CURL_CSELECT_ERR : event);
            if (owner != nullptr) arm();
        }
        /// Between two requests of a connection: nothing keeps the event loop from running out of work.
        void rest() {
            want = 0;
            error_code ignored;
            if (reading || writing) descriptor.cancel(ignored);
        }
        void abandon() {
            owner = nullptr;
            error_code ignored;
            descriptor.close(ignored);
        }

        Impl* owner;
        const curl_socket_t watched;
        asio::posix::stream_descriptor descriptor;
        int want = 0;
        bool reading = false, writing = false;
    };

    void start(OutgoingRequest request, Handler handler) {
        auto owned =
            std::make_unique<CurlExchange>(++last_id, std::move(request), std::move(handler), executor);
        CurlExchange& exchange = *owned;
        const auto& lines = exchange.request.headers;
        const bool sound = std::all_of(lines.begin(), lines.end(), is_one_line);
        if (sound) {
            exchange.prepare(take_easy());
            curl_easy_setopt(exchange.easy.get(), CURLOPT_OPENSOCKETFUNCTION, &Impl::on_open);
            exchange.client = this;
            curl_easy_setopt(exchange.easy.get(), CURLOPT_OPENSOCKETDATA, &exchange);
            curl_easy_setopt(exchange.easy.get(), CURLOPT_CLOSESOCKETFUNCTION, &Impl::on_close);
            curl_easy_setopt(exchange.easy.get(), CURLOPT_CLOSESOCKETDATA, this);
        }
        exchanges.emplace(exchange.id, std::move(owned));
        if (!sound) return finish(exchange, Error::bad_request);
        auto slot = asio::get_associated_cancellation_slot(exchange.handler);
        if (slot.is_connected())
            slot.assign([this, id = exchange.id](asio::cancellation_type) { cancel(id); });
        curl_multi_add_handle(multi, exchange.easy.get());
    }

    EasyHandle take_easy() {
        if (spare.empty()) return EasyHandle(curl_easy_init());
        EasyHandle easy = std::move(spare.back());
        spare.pop_back();
        curl_easy_reset(easy.get());
        return easy;
    }

    /// Later, for this runs inside the slot, which `finish` clears.
    void cancel(std::uint64_t id) {
        asio::post(executor, [this, id, still = std::weak_ptr(alive)] {
            if (still.expired()) return;
            const auto it = exchanges.find(id);
            if (it != exchanges.end()) finish(*it->second, asio::error::operation_aborted);
        });
    }

    void finish(CurlExchange& exchange, error_code failed) {
        const auto owned = std::move(exchanges.extract(exchange.id).mapped());
        if (exchange.easy) {
            curl_easy_getinfo(exchange.easy.get(), CURLINFO_RESPONSE_CODE, &exchange.reply.status);
            curl_multi_remove_handle(multi, exchange.easy.get());
            // One whose transfer broke off may still hold what a new one may not find.
            if (!failed && spare.size() < kSpareHandles) spare.push_back(std::move(exchange.easy));
        }
        auto slot = asio::get_associated_cancellation_slot(exchange.handler);
        if (slot.is_connected()) slot.clear();
        asio::post(executor, asio::append(std::move(exchange.handler), failed, std::move(exchange.reply)));
    }

    void act(curl_socket_t socket, int event) {
        int running = 0;
        curl_multi_socket_action(multi, socket, event, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const CURLcode result = message->data.result;  // the message dies with its handle
            CurlExchange* exchange = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
            finish(*exchange, exchange->outcome(result));
        }
    }

    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
        return static_cast<Impl*>(self)->watch(socket, what);
    }
    int watch(curl_socket_t socket, int what) {
        auto it = watches.find(socket);
        if (what == CURL_POLL_REMOVE) {
            if (it == watches.end()) return 0;
            // A connection that is kept for the next request stays watched: taking it out of epoll and
            // putting it back costs more than the request. Other sockets (a resolver's) may be closed any
            // time now.
            if (connections.contains(socket)) {
                it->second->rest();
            } else {
                it->second->abandon();
                watches.erase(it);
            }
            return 0;
        }
        if (it == watches.end()) {
            const int copy = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
            if (copy < 0) return -1;
            it = watches.emplace(socket, std::make_shared<Watch>(*this, socket, copy)).first;
        }
        it->second->want = what;
        it->second->arm();
        return 0;
    }

    static curl_socket_t on_open(void* exchange, curlsocktype, curl_sockaddr* peer) {
        auto& own = *static_cast<CurlExchange*>(exchange);
        if (!own.may_connect(peer->addr)) return CURL_SOCKET_BAD;
        const int opened = ::socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
        if (opened < 0) return CURL_SOCKET_BAD;
        static_cast<Impl*>(own.client)->connections.insert(opened);
        return opened;
    }
    static int on_close(void* self, curl_socket_t socket) {
        auto& own = *static_cast<Impl*>(self);
        own.connections.erase(socket);
        if (const auto it = own.watches.find(socket); it != own.watches.end()) {
            it->second->abandon();
            own.watches.erase(it);
        }
        return ::close(socket);
    }

    static int on_timer(CURLM*, long milliseconds, void* self) {
        static_cast<Impl*>(self)->call_after(milliseconds);
        return 0;
    }
    /// libcurl changes its mind several times a request, so the timer is only ever set to go off earlier; one
    /// that goes off too early is set anew.
    void call_after(long milliseconds) {
        wanted.reset();
        if (milliseconds < 0) {  // nothing is under way
            armed.reset();
            timer.cancel();
            return;
        }
        if (milliseconds == 0) return call_soon();
        wanted = Clock::now() + std::chrono::milliseconds{milliseconds};
        if (!armed || *wanted < *armed) arm_timer();
    }
    void call_soon() {
        if (std::exchange(called_soon, true)) return;
        asio::post(executor, [this, still = std::weak_ptr(alive)] {
            if (still.expired()) return;
            called_soon = false;
            act(CURL_SOCKET_TIMEOUT, 0);
        });
    }
    void arm_timer() {
        armed = wanted;
        timer.expires_at(*wanted);
        timer.async_wait([this, still = std::weak_ptr(alive)](error_code failed) {
            if (failed || still.expired()) return;
            armed.reset();
            if (!wanted) return;
            if (*wanted > Clock::now()) return arm_timer();
            wanted.reset();
            act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    using Clock = std::chrono::steady_clock;

    asio::any_io_executor executor;
    asio::steady_timer timer;
    std::optional<Clock::time_point> wanted;  ///< when libcurl wants to be called
    std::optional<Clock::time_point> armed;   ///< when the timer goes off
    bool called_soon = false;
    CURLM* multi = nullptr;
    std::uint64_t last_id = 0;
    std::unordered_map<std::uint64_t, std::unique_ptr<CurlExchange>> exchanges;
    std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches;
    std::unordered_set<curl_socket_t> connections;  ///< opened for libcurl by us, until it closes them
    std::vector<EasyHandle> spare;
    std::shared_ptr<const bool> alive = std::make_shared<const bool>(true);
};

CurlClient::CurlClient(asio::any_io_executor executor) : impl_(std::make_unique<Impl>(std::move(executor))) {}

CurlClient::~CurlClient() = default;

void CurlClient::start(OutgoingRequest request, Handler handler) {
    impl_->start(std::move(request), std::move(handler));
}

std::size_t CurlClient::in_flight() const noexcept { return impl_->exchanges.size(); }

}  // namespace webhooks::net
