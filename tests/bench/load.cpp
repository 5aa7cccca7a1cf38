#include "load.hpp"

#include <sys/epoll.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "signed_form.hpp"

namespace bench {

namespace {

constexpr std::uint64_t kListener = 1ULL << 40U;
constexpr std::uint64_t kGateway = 1ULL << 41U;
constexpr std::string_view kTaken =
    "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 97\r\n\r\n"
    R"({"sid":"SM00000000000000000000000000000000","status":"queued","error_code":null,"num_segments":1})";
constexpr std::size_t kTakenBody = kTaken.size() - kTaken.find("\r\n\r\n") - 4;
static_assert(kTakenBody == 97);

Clock::duration seconds(double count) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(count));
}

int status_of(std::string_view status_line) {
    int status = 0;
    if (status_line.size() > 12) std::from_chars(status_line.data() + 9, status_line.data() + 12, status);
    return status;
}

/// The decoded value of one field, without decoding the others.
std::string field_of(std::string_view body, std::string_view name) {
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t end = std::min(body.find('&', at), body.size());
        const std::string_view field = body.substr(at, end - at);
        if (field.size() > name.size() && field.starts_with(name) && field[name.size()] == '=') {
            return percent_decode(field.substr(name.size() + 1));
        }
        at = end + 1;
    }
    return {};
}

}  // namespace

Load::Load(LoadOptions options, const std::vector<Inbound>& traffic, std::uint64_t seed)
    : options_(options), traffic_(traffic), random_(seed), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    std::uint32_t contacts = 0;
    for (const Inbound& inbound : traffic_) contacts = std::max(contacts, inbound.contact + 1);
    unanswered_.resize(contacts);
    if (options_.gateway_port != 0) {
        listener_ = listen_on(options_.gateway_port);
        watch(listener_.fd(), kListener);
    }
    texters_.reserve(options_.connections);
    for (std::size_t i = 0; i < options_.connections; ++i) {
        texters_.push_back({connect_to(options_.port), {}, {}});
        watch(texters_.back().socket.fd(), i);
        idle_.push_back(i);
    }
}

Load::~Load() = default;

void Load::watch(int fd, std::uint64_t tag) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = tag;
    epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event);
}

LoadResult Load::run() {
    const Clock::time_point begin = Clock::now();
    const Clock::time_point counted_from = begin + seconds(options_.warm_up);
    const Clock::time_point end = counted_from + seconds(options_.seconds);
    next_arrival_ = begin;
    if (options_.rate <= 0) {
        while (!idle_.empty()) {
            const std::size_t texter = idle_.front();
            idle_.pop_front();
            fire(texter, Clock::now());
        }
    }
    for (Clock::time_point now = begin; now < end && !result_.ran_out; now = Clock::now()) {
        if (!counting_ && now >= counted_from) start_counting(now);
        if (options_.rate > 0) fire_arrivals(now);
        wait_and_serve(options_.rate > 0 ? std::min(end, next_arrival_) : end);
    }
    result_.seconds = std::chrono::duration<double>(Clock::now() - counted_from).count();
    result_.backlog = arrivals_.size();
    counting_ = false;
    sending_ = false;
    const Clock::time_point settled = Clock::now() + seconds(options_.settle);
    while (Clock::now() < settled) wait_and_serve(settled);
    return std::move(result_);
}

void Load::start_counting(Clock::time_point) {
    counting_ = true;
    result_ = {};
}

void Load::fire_arrivals(Clock::time_point now) {
    std::exponential_distribution<double> gap(options_.rate);
    for (; next_arrival_ <= now; next_arrival_ += seconds(gap(random_))) arrivals_.push_back(next_arrival_);
    while (!arrivals_.empty() && !idle_.empty()) {
        const std::size_t texter = idle_.front();
        idle_.pop_front();
        fire(texter, arrivals_.front());
        arrivals_.pop_front();
    }
}

void Load::fire(std::size_t texter, Clock::time_point due) {
    if (next_ >= traffic_.size()) {
        result_.ran_out = true;
        return;
    }
    const Inbound& inbound = traffic_[next_++];
    texters_[texter].due = due;
    Clock::time_point& since = unanswered_[inbound.contact];
    if (since == Clock::time_point{}) since = due;
    write_all(texters_[texter].socket, inbound.request);
}

void Load::wait_and_serve(Clock::time_point until) {
    std::array<epoll_event, 256> events;
    const auto left = std::clamp(std::chrono::duration_cast<std::chrono::nanoseconds>(until - Clock::now()),
                                 std::chrono::nanoseconds{0}, std::chrono::nanoseconds{50'000'000});
    const timespec patience{0, static_cast<long>(left.count())};
    const int ready =
        epoll_pwait2(epoll_.fd(), events.data(), static_cast<int>(events.size()), &patience, nullptr);
    for (int i = 0; i < ready; ++i) {
        const std::uint64_t tag = events[static_cast<std::size_t>(i)].data.u64;
        if (tag == kListener) {
            gateway_.push_back({accept_from(listener_), {}});
            watch(gateway_.back().socket.fd(), kGateway + gateway_.size() - 1);
        } else if (tag >= kGateway) {
            take_texts(static_cast<std::size_t>(tag - kGateway));
        } else {
            hear_answer(static_cast<std::size_t>(tag));
        }
    }
}

void Load::hear_answer(std::size_t index) {
    Texter& texter = texters_[index];
    if (!read_some(texter.socket, texter.in)) throw std::runtime_error("the server closed a connection");
    const auto message = whole_message(texter.in);
    if (!message) return;
    const int status = status_of(message->start_line);
    const Clock::time_point now = Clock::now();
    texter.in.erase(0, message->length);
    if (counting_) {
        if (status == 200) {
            ++result_.ok;
            result_.answered.add(now - texter.due);
        } else {
            ++result_.refused[status];
        }
    }
    if (!sending_ || options_.rate > 0) {
        idle_.push_back(index);
    } else {
        fire(index, now);
    }
}

void Load::take_texts(std::size_t index) {
    GatewayConnection& connection = gateway_[index];
    if (!read_some(connection.socket, connection.in)) {
        connection.socket = Socket();
        return;
    }
    while (const auto message = whole_message(connection.in)) {
        take_text(message->body);
        connection.in.erase(0, message->length);
        write_all(connection.socket, kTaken);
    }
}

void Load::take_text(std::string_view body) {
    if (counting_) ++result_.texts_taken;
    const std::size_t contact = contact_of(field_of(body, "To"));
    if (contact >= unanswered_.size()) return;
    Clock::time_point& since = unanswered_[contact];
    if (since == Clock::time_point{}) return;
    if (counting_) result_.handed_over.add(Clock::now() - since);
    since = {};
}

}  // namespace bench
