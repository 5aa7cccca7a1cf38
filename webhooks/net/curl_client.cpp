#include "webhooks/net/curl_client.hpp"

#include <curl/curl.h>
#include <fcntl.h>

#include <algorithm>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <new>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace webhooks::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kMostBody = 64 * 1024;
constexpr std::size_t kMostHeaders = 64 * 1024;
constexpr long kConnectionsPerHost = 128;
constexpr long kConnections = 256;
constexpr std::chrono::milliseconds kConnectDeadline{5'000};
// A connection idle for longer is not used again: the peer may be closing it just now, and a request that
// meets that moment has an uncertain end.
constexpr long kIdleSeconds = 20;

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
        }
        return "unknown";
    }
};

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    const CURLcode result = curl_easy_setopt(easy, option, value);
    if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    if (result != CURLE_OK) throw std::runtime_error("libcurl refuses an option it must have");
}

struct EasyCleanup {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct ListCleanup {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

bool is_one_line(const std::string& header) {
    return std::all_of(header.begin(), header.end(),
                       [](char c) { return c == '\t' || static_cast<unsigned char>(c) >= ' '; });
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

void trim(std::string_view& text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
}

/// One request under way, with what libcurl calls back into. Never moved: libcurl holds pointers into it.
struct Operation {
    using Handler = asio::any_completion_handler<CurlClient::Signature>;

    Operation(std::uint64_t number, OutgoingRequest what, Handler whom, const asio::any_io_executor& executor)
        : id(number), request(std::move(what)), handler(std::move(whom)), work(executor) {}

    void prepare() {
        easy.reset(curl_easy_init());
        if (!easy) throw std::bad_alloc();
        limit();
        address();
        listen();
    }
    error_code outcome(CURLcode result) const {
        if (result == CURLE_OK) return {};
        if (withdrawn) return Error::withdrawn;
        if (too_large) return Error::reply_too_large;
        if (second_write) return {CURLE_GOT_NOTHING, curl_category()};
        return {static_cast<int>(result), written ? curl_category() : curl_unsent_category()};
    }

    const std::uint64_t id;
    const OutgoingRequest request;
    Handler handler;
    asio::executor_work_guard<asio::any_io_executor> work;
    std::unique_ptr<CURL, EasyCleanup> easy;
    std::unique_ptr<curl_slist, ListCleanup> headers;
    IncomingReply reply;
    std::size_t header_bytes = 0;
    bool written = false, second_write = false, withdrawn = false, too_large = false;

private:
    void limit() {
        CURL* const e = easy.get();
        set(e, CURLOPT_PRIVATE, this);
        set(e, CURLOPT_NOSIGNAL, 1L);
        // A look-up that is given up must not hold the net thread until the resolver comes back.
        set(e, CURLOPT_QUICK_EXIT, 1L);
        set(e, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(request.deadline.count(), 1)));
        set(e, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectDeadline.count()));
        set(e, CURLOPT_PROTOCOLS_STR, "http,https");
        set(e, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(e, CURLOPT_FOLLOWLOCATION, 0L);
        set(e, CURLOPT_PROXY, "");
        set(e, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(e, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
        set(e, CURLOPT_SSL_VERIFYPEER, 1L);
        set(e, CURLOPT_SSL_VERIFYHOST, 2L);
        set(e, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(e, CURLOPT_MAXAGE_CONN, kIdleSeconds);
    }
    void address() {
        CURL* const e = easy.get();
        set(e, CURLOPT_URL, request.url.c_str());
        set(e, CURLOPT_USERAGENT, "handrail");
        if (request.method == "GET") {
            set(e, CURLOPT_HTTPGET, 1L);
        } else {
            set(e, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
            set(e, CURLOPT_POSTFIELDS, request.body.c_str());
            if (request.method != "POST") set(e, CURLOPT_CUSTOMREQUEST, request.method.c_str());
        }
        add_header("Expect:");
        for (const std::string& line : request.headers) add_header(line.c_str());
        set(e, CURLOPT_HTTPHEADER, headers.get());
        if (!request.basic_auth.empty()) {
            set(e, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
            set(e, CURLOPT_USERPWD, request.basic_auth.c_str());
        }
    }
    void listen() {
        CURL* const e = easy.get();
        set(e, CURLOPT_PREREQFUNCTION, &Operation::before_write);
        set(e, CURLOPT_PREREQDATA, this);
        set(e, CURLOPT_WRITEFUNCTION, &Operation::take_body);
        set(e, CURLOPT_WRITEDATA, this);
        set(e, CURLOPT_HEADERFUNCTION, &Operation::take_header);
        set(e, CURLOPT_HEADERDATA, this);
    }
    void add_header(const char* line) {
        curl_slist* const longer = curl_slist_append(headers.get(), line);
        if (longer == nullptr) throw std::bad_alloc();
        (void)headers.release();  // the same list, or the first of it
        headers.reset(longer);
    }

    static int before_write(void* self, char*, char*, int, int) {
        return static_cast<Operation*>(self)->may_write() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
    }
    bool may_write() noexcept {
        second_write = written;
        withdrawn = !written && !gate_is_open();
        if (!withdrawn && !second_write) written = true;
        return !withdrawn && !second_write;
    }
    bool gate_is_open() noexcept {
        try {
            return !request.may_send || request.may_send();
        } catch (...) {
            return false;  // libcurl cannot be thrown through, and when in doubt nothing leaves
        }
    }
    static std::size_t take_body(char* data, std::size_t one, std::size_t count, void* self) {
        auto& op = *static_cast<Operation*>(self);
        op.too_large = op.reply.body.size() + one * count > kMostBody;
        if (op.too_large) return 0;
        op.reply.body.append(data, one * count);
        return one * count;
    }
    static std::size_t take_header(char* data, std::size_t one, std::size_t count, void* self) {
        return static_cast<Operation*>(self)->header_line({data, one * count}) ? one * count : 0;
    }
    bool header_line(std::string_view line) {
        header_bytes += line.size();
        too_large = header_bytes > kMostHeaders;
        if (too_large) return false;
        if (line.starts_with("HTTP/")) reply.headers.clear();  // what came before was an interim reply
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return true;
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(), to_lower);
        std::string_view value = line.substr(colon + 1);
        trim(value);
        reply.headers.emplace_back(std::move(name), value);
        return true;
    }
};

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
           (failure && failure.category() == curl_unsent_category());
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
        while (!operations.empty()) finish(*operations.begin()->second, asio::error::operation_aborted);
        for (auto& [socket, watch] : watches) watch->abandon();
        curl_multi_cleanup(multi);
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
            if (owner == nullptr || (want & wanted) == 0) return;  // no longer wanted
            owner->act(watched, failed ? CURL_CSELECT_ERR : event);
            if (owner != nullptr) arm();
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
        auto owned = std::make_unique<Operation>(++last_id, std::move(request), std::move(handler), executor);
        Operation& op = *owned;
        const auto& lines = op.request.headers;
        const bool sound = std::all_of(lines.begin(), lines.end(), is_one_line);
        if (sound) op.prepare();
        operations.emplace(op.id, std::move(owned));
        if (!sound) return finish(op, Error::bad_request);
        auto slot = asio::get_associated_cancellation_slot(op.handler);
        if (slot.is_connected()) slot.assign([this, id = op.id](asio::cancellation_type) { cancel(id); });
        curl_multi_add_handle(multi, op.easy.get());
    }

    /// Later, for this runs inside the slot, which `finish` clears.
    void cancel(std::uint64_t id) {
        asio::post(executor, [this, id, still = std::weak_ptr(alive)] {
            if (still.expired()) return;
            const auto it = operations.find(id);
            if (it != operations.end()) finish(*it->second, asio::error::operation_aborted);
        });
    }

    void finish(Operation& op, error_code failed) {
        const auto owned = std::move(operations.extract(op.id).mapped());
        if (op.easy) {
            curl_easy_getinfo(op.easy.get(), CURLINFO_RESPONSE_CODE, &op.reply.status);
            curl_multi_remove_handle(multi, op.easy.get());
        }
        auto slot = asio::get_associated_cancellation_slot(op.handler);
        if (slot.is_connected()) slot.clear();
        asio::post(executor, asio::append(std::move(op.handler), failed, std::move(op.reply)));
    }

    void act(curl_socket_t socket, int event) {
        int running = 0;
        curl_multi_socket_action(multi, socket, event, &running);
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const CURLcode result = message->data.result;  // the message dies with its handle
            Operation* op = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &op);
            finish(*op, op->outcome(result));
        }
    }

    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
        return static_cast<Impl*>(self)->watch(socket, what);
    }
    int watch(curl_socket_t socket, int what) {
        auto it = watches.find(socket);
        if (what == CURL_POLL_REMOVE) {
            if (it == watches.end()) return 0;
            it->second->abandon();
            watches.erase(it);
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

    static int on_timer(CURLM*, long milliseconds, void* self) {
        static_cast<Impl*>(self)->call_after(milliseconds);
        return 0;
    }
    void call_after(long milliseconds) {
        timer.cancel();
        if (milliseconds < 0) return;
        timer.expires_after(std::chrono::milliseconds{milliseconds});
        timer.async_wait([this, still = std::weak_ptr(alive)](error_code failed) {
            if (!failed && !still.expired()) act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    asio::any_io_executor executor;
    asio::steady_timer timer;
    CURLM* multi = nullptr;
    std::uint64_t last_id = 0;
    std::unordered_map<std::uint64_t, std::unique_ptr<Operation>> operations;
    std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches;
    std::shared_ptr<const bool> alive = std::make_shared<const bool>(true);
};

CurlClient::CurlClient(asio::any_io_executor executor) : impl_(std::make_unique<Impl>(std::move(executor))) {}

CurlClient::~CurlClient() = default;

void CurlClient::start(OutgoingRequest request, Handler handler) {
    impl_->start(std::move(request), std::move(handler));
}

std::size_t CurlClient::in_flight() const noexcept { return impl_->operations.size(); }

}  // namespace webhooks::net
