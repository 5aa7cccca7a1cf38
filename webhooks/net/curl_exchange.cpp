#include "webhooks/net/curl_exchange.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

#include "webhooks/net/public_address.hpp"

namespace webhooks::net {

using boost::system::error_code;

namespace {

constexpr std::size_t kMostHeaders = 64 * 1024;
constexpr std::chrono::milliseconds kConnectDeadline{5'000};
// A connection idle for longer is not used again: the peer may be closing it just now, and a request that
// meets that moment has an uncertain end.
constexpr long kIdleSeconds = 20;
// Requests and replies are short and hundreds may be under way: libcurl's own sizes would cost 80 KiB for
// each.
constexpr long kBuffer = 4 * 1024;
constexpr long kUploadBuffer = 16 * 1024;

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    const CURLcode result = curl_easy_setopt(easy, option, value);
    if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    if (result != CURLE_OK) throw std::runtime_error("libcurl refuses an option it must have");
}

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

void trim(std::string_view& text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
}

}  // namespace

CurlExchange::CurlExchange(std::uint64_t number, OutgoingRequest what, Handler whom,
                           const boost::asio::any_io_executor& executor)
    : id(number), request(std::move(what)), handler(std::move(whom)), work(executor) {}

void CurlExchange::prepare(EasyHandle unused) {
    easy = std::move(unused);
    if (!easy) throw std::bad_alloc();
    limit();
    address();
    listen();
}

error_code CurlExchange::outcome(CURLcode result) const {
    if (result == CURLE_OK) return {};
    if (withdrawn_) return Error::withdrawn;
    if (private_) return Error::private_address;
    if (too_large_) return Error::reply_too_large;
    if (second_write_) return {CURLE_GOT_NOTHING, curl_category()};
    return {static_cast<int>(result), written_ ? curl_category() : curl_unsent_category()};
}

bool CurlExchange::may_connect(const sockaddr& peer) noexcept {
    if (!request.only_public) return true;
    namespace ip = boost::asio::ip;
    ip::address address;  // 0.0.0.0: not public either
    if (peer.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &peer, sizeof v4);
        address = ip::address_v4(ntohl(v4.sin_addr.s_addr));
    } else if (peer.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &peer, sizeof v6);
        ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        address = ip::address_v6(bytes);
    }
    private_ = !is_public(address);
    return !private_;
}

void CurlExchange::limit() {
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
    set(e, CURLOPT_BUFFERSIZE, kBuffer);
    set(e, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
    // A connection that another request opened was not asked about.
    set(e, CURLOPT_FRESH_CONNECT, request.only_public ? 1L : 0L);
    set(e, CURLOPT_FORBID_REUSE, request.only_public ? 1L : 0L);
}

void CurlExchange::address() {
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
    set(e, CURLOPT_HTTPHEADER, headers_.get());
    if (!request.basic_auth.empty()) {
        set(e, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set(e, CURLOPT_USERPWD, request.basic_auth.c_str());
    }
}

void CurlExchange::listen() {
    CURL* const e = easy.get();
    set(e, CURLOPT_PREREQFUNCTION, &CurlExchange::before_write);
    set(e, CURLOPT_PREREQDATA, this);
    set(e, CURLOPT_WRITEFUNCTION, &CurlExchange::take_body);
    set(e, CURLOPT_WRITEDATA, this);
    set(e, CURLOPT_HEADERFUNCTION, &CurlExchange::take_header);
    set(e, CURLOPT_HEADERDATA, this);
}

void CurlExchange::add_header(const char* line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line);
    if (longer == nullptr) throw std::bad_alloc();
    (void)headers_.release();  // the same list, or the first of it
    headers_.reset(longer);
}

int CurlExchange::before_write(void* self, char*, char*, int, int) {
    return static_cast<CurlExchange*>(self)->may_write() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

bool CurlExchange::may_write() noexcept {
    second_write_ = written_;
    withdrawn_ = !written_ && !gate_is_open();
    if (!withdrawn_ && !second_write_) written_ = true;
    return !withdrawn_ && !second_write_;
}

bool CurlExchange::gate_is_open() noexcept {
    try {
        return !request.may_send || request.may_send();
    } catch (...) {
        return false;  // libcurl cannot be thrown through, and when in doubt nothing leaves
    }
}

std::size_t CurlExchange::take_body(char* data, std::size_t one, std::size_t count, void* self) {
    auto& own = *static_cast<CurlExchange*>(self);
    own.too_large_ = own.reply.body.size() + one * count > own.request.most_body;
    if (own.too_large_) return 0;
    own.reply.body.append(data, one * count);
    return one * count;
}

std::size_t CurlExchange::take_header(char* data, std::size_t one, std::size_t count, void* self) {
    return static_cast<CurlExchange*>(self)->header_line({data, one * count}) ? one * count : 0;
}

bool CurlExchange::header_line(std::string_view line) {
    header_bytes_ += line.size();
    too_large_ = header_bytes_ > kMostHeaders;
    if (too_large_) return false;
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

}  // namespace webhooks::net
