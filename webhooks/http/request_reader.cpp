#include "webhooks/http/request_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>

namespace webhooks::http {

namespace {

namespace beast = boost::beast;
using beast::string_view;
using boost::system::error_code;
using BeastError = beast::http::error;

constexpr std::size_t kFirstBuffer = 2 * 1024;
constexpr std::size_t kMaxChunkLine = 64;  // a size in hex fits; an endless extension or trailer does not
constexpr std::size_t kKeptBody = 16 * 1024;

std::string_view to_std(string_view text) noexcept { return {text.data(), text.size()}; }

/// Beast's reading of the request. It stores nothing of the header but compares it with the gate's reading,
/// line by line, and decodes the body into the request.
class SecondReader final : public beast::http::basic_parser<true> {
public:
    SecondReader(const Head& head, std::string& body) : head_(head), body_(body) { eager(true); }

private:
    void on_request_impl(beast::http::verb, string_view method, string_view target, int version,
                         error_code& failed) override {
        const bool same = to_std(method) == head_.method && to_std(target) == head_.target &&
                          version == (head_.http_1_1 ? 11 : 10);
        if (!same) failed = BeastError::bad_version;
    }
    void on_response_impl(int, string_view, int, error_code& failed) override {
        failed = BeastError::bad_version;
    }
    void on_field_impl(beast::http::field, string_view name, string_view value, error_code& failed) override {
        if (head_done_) {  // a trailer: a second place for headers, which others may merge into the first
            failed = BeastError::bad_chunk_extension;
            return;
        }
        const bool same = fields_ < head_.headers.size() && to_std(name) == head_.headers[fields_].first &&
                          to_std(value) == head_.headers[fields_].second;
        ++fields_;
        if (!same) failed = BeastError::bad_field;
    }
    void on_header_impl(error_code& failed) override {
        const bool same = fields_ == head_.headers.size() && chunked() == head_.chunked &&
                          content_length().value_or(0) == head_.content_length.value_or(0);
        if (!same) failed = BeastError::bad_field;
        head_done_ = true;
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& failed) override {
        failed = {};
    }
    std::size_t on_body_impl(string_view bytes, error_code& failed) override {
        failed = {};
        body_.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, string_view extensions, error_code& failed) override {
        if (!extensions.empty()) failed = BeastError::bad_chunk_extension;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& failed) override {
        return on_body_impl(bytes, failed);
    }
    void on_finish_impl(error_code& failed) override { failed = {}; }

    const Head& head_;
    std::string& body_;
    std::size_t fields_ = 0;
    bool head_done_ = false;
};

Refusal refusal_of_head() { return {400, "Malformed request", "request", "Two readers do not agree on it."}; }

Refusal refusal_of_body(const error_code& failed) {
    if (failed == BeastError::body_limit)
        return {413, "Content too large", "body", "See the limits of this server."};
    return {400, "Malformed request", "chunk",
            "A size in hex, no extension, CRLF, the data, CRLF; no trailers."};
}

}  // namespace

struct RequestReader::Impl {
    enum class Stage { head, body, done, refused };

    Impl(const Limits& bounds, const GateRules& gate) : limits(bounds), rules(gate) {}

    State advance();
    State read_head();
    State read_body();
    bool find_end_of_head();
    State refuse(const Refusal& why);
    void fill_request();
    std::string_view unread() const noexcept { return {buffer.data() + begin, end - begin}; }

    const Limits& limits;
    const GateRules& rules;
    Stage stage = Stage::head;
    std::vector<char> buffer;
    std::size_t begin = 0;    // of what is not decoded yet
    std::size_t end = 0;      // of what has been read
    std::size_t scanned = 0;  // of the head, from `begin`
    Head head;                // views into `buffer`: good until it moves
    std::optional<SecondReader> parser;
    Request request;
    Refusal refusal;
    bool keep_alive = false;
    bool wants_continue = false;
};

RequestReader::State RequestReader::Impl::refuse(const Refusal& why) {
    refusal = why;
    stage = Stage::refused;
    return State::refused;
}

RequestReader::State RequestReader::Impl::advance() {
    if (stage == Stage::head) {
        if (const State state = read_head(); stage != Stage::body) return state;
    }
    return read_body();
}

/// True when the empty line is found; `scanned` is then the length of the head. Refuses at the first byte
/// that cannot be part of one, so that nobody waits for the deadline to hear it.
bool RequestReader::Impl::find_end_of_head() {
    const std::string_view bytes = unread();
    if (!bytes.empty() && (bytes.front() < 'A' || bytes.front() > 'Z')) {
        refuse({400, "Malformed request", "request line", "Does not begin with a method."});
        return false;
    }
    for (;;) {
        const std::size_t feed = bytes.find('\n', scanned);
        if (feed == std::string_view::npos) {
            scanned = bytes.size();
            return false;
        }
        if (feed == 0 || bytes[feed - 1] != '\r') {
            refuse({400, "Malformed request", "header", "Lines end in CRLF."});
            return false;
        }
        scanned = feed + 1;
        if (feed >= 3 && bytes[feed - 2] == '\n') return true;
    }
}

RequestReader::State RequestReader::Impl::read_head() {
    if (!find_end_of_head()) {
        if (stage == Stage::refused) return State::refused;
        if (unread().size() < limits.header_bytes) return State::need_more;
        const bool first_line = unread().find('\n') == std::string_view::npos;
        return refuse({first_line ? 414 : 431, first_line ? "Target too long" : "Header too large", "header",
                       "See the limits of this server."});
    }
    const std::string_view raw = unread().substr(0, scanned);
    if (const auto no = check_head(raw, rules, head)) return refuse(*no);

    request.body.clear();
    parser.emplace(head, request.body);
    parser->header_limit(static_cast<std::uint32_t>(limits.header_bytes + 16));
    parser->body_limit(limits.body_bytes);
    error_code failed;
    const std::size_t taken = parser->put(boost::asio::buffer(raw), failed);
    if (failed == BeastError::need_more) failed = {};  // of the body: all of the head was there
    if (failed || taken != raw.size() || !parser->is_header_done()) return refuse(refusal_of_head());
    fill_request();
    begin += scanned;
    scanned = 0;
    stage = Stage::body;
    return State::need_more;
}

/// Copies the head out of the buffer, reusing the memory of the request before.
void RequestReader::Impl::fill_request() {
    request.method = head.method;
    request.target = head.target;
    request.headers.resize(head.headers.size());
    for (std::size_t i = 0; i < head.headers.size(); ++i) {
        request.headers[i].first = head.headers[i].first;
        request.headers[i].second = head.headers[i].second;
    }
    keep_alive = !head.close;
    wants_continue = head.expects_continue && head.has_body();
}

RequestReader::State RequestReader::Impl::read_body() {
    // No chunked body ends in fewer bytes than "0\r\n\r\n", and Beast asserts that many when it comes back to
    // the last chunk.
    const std::size_t least = head.chunked ? 5 : 1;
    error_code failed;
    while (!parser->is_done() && end - begin >= least && !failed) {
        begin += parser->put(boost::asio::buffer(unread()), failed);
    }
    if (failed && failed != BeastError::need_more) return refuse(refusal_of_body(failed));
    if (parser->is_done()) {
        stage = Stage::done;
        return State::ready;
    }
    // What Beast leaves is the beginning of a chunk line.
    if (unread().size() > kMaxChunkLine) return refuse(refusal_of_body(BeastError::bad_chunk));
    return State::need_more;
}

RequestReader::RequestReader(const Limits& limits, const GateRules& rules)
    : impl_(std::make_unique<Impl>(limits, rules)) {}

RequestReader::~RequestReader() = default;

boost::asio::mutable_buffer RequestReader::prepare() {
    Impl& impl = *impl_;
    std::vector<char>& buffer = impl.buffer;
    if (impl.begin == impl.end) impl.begin = impl.end = 0;
    if (impl.begin > 0) {
        std::memmove(buffer.data(), buffer.data() + impl.begin, impl.end - impl.begin);
        impl.end -= impl.begin;
        impl.begin = 0;
    }
    const std::size_t most = std::max(impl.limits.header_bytes, 2 * kMaxChunkLine);
    if (impl.end == buffer.size()) buffer.resize(std::min(most, std::max(kFirstBuffer, 2 * buffer.size())));
    return boost::asio::buffer(buffer.data() + impl.end, buffer.size() - impl.end);
}

RequestReader::State RequestReader::commit(std::size_t bytes) {
    impl_->end += bytes;
    return impl_->advance();
}

RequestReader::State RequestReader::next() {
    Impl& impl = *impl_;
    impl.stage = Impl::Stage::head;
    impl.scanned = 0;
    impl.keep_alive = impl.wants_continue = false;
    impl.parser.reset();
    if (impl.request.body.capacity() > kKeptBody) impl.request.body = std::string();
    return impl.advance();
}

bool RequestReader::idle() const noexcept {
    return impl_->stage == Impl::Stage::head && impl_->begin == impl_->end;
}

bool RequestReader::head_done() const noexcept { return impl_->stage == Impl::Stage::body; }

bool RequestReader::take_continue() noexcept { return std::exchange(impl_->wants_continue, false); }

Request& RequestReader::request() noexcept { return impl_->request; }

bool RequestReader::keep_alive() const noexcept { return impl_->keep_alive; }

const Refusal& RequestReader::refusal() const noexcept { return impl_->refusal; }

}  // namespace webhooks::http
