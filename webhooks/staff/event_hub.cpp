#include "webhooks/staff/event_hub.hpp"

#include <algorithm>
#include <set>

#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"

namespace webhooks::staff {

namespace {

using boost::system::error_code;
using net::as_result;
constexpr std::size_t kBatch = 32;  // half of what a stream may hold

std::string frame(const store::LiveEvent& event) {
    return "id: " + std::to_string(event.id) + "\nevent: " + event.type + "\ndata: " + event.data + "\n\n";
}

}  // namespace

EventHub::EventHub(asio::any_io_executor executor, store::Store& store)
    : executor_(executor), store_(store), alarm_(executor) {}

void EventHub::start() { net::spawn(executor_, run()); }

void EventHub::stop() {
    stopping_ = true;
    for (const Client& client : clients_) {
        if (const auto stream = client.stream.lock()) stream->close();
    }
    clients_.clear();
    alarm_.ring();
}

std::shared_ptr<http::EventStream> EventHub::subscribe(std::optional<std::int64_t> after, Watcher watcher) {
    auto stream = std::make_shared<http::EventStream>(executor_);
    clients_.push_back({stream, after.value_or(-1), std::move(watcher)});
    alarm_.ring();
    return stream;
}

void EventHub::end_streams(const std::string& session, const std::string& name) {
    for (const Client& client : clients_) {
        const Watcher& watcher = client.watcher;
        const bool meant = (!session.empty() && watcher.session == session) ||
                           (!name.empty() && !watcher.session.empty() && watcher.name == name);
        const auto stream = client.stream.lock();
        if (meant && stream) stream->close();
    }
}

void EventHub::tell(std::string_view type, std::string_view data_json) {
    std::string frame("event: ");
    frame.append(type).append("\ndata: ").append(data_json).append("\n\n");
    for (const Client& client : clients_) {
        const auto stream = client.stream.lock();
        if (stream && stream->empty()) stream->push(frame);
    }
}

asio::awaitable<void> EventHub::run() {
    while (!stopping_) {
        const std::chrono::milliseconds rest = co_await pump();
        if (rest.count() > 0) co_await alarm_.wait(rest);
    }
}

void EventHub::drop_closed() {
    const bot::TimePoint now = net::now();
    std::erase_if(clients_, [now](const Client& client) {
        const auto stream = client.stream.lock();
        if (stream && client.watcher.until && *client.watcher.until <= now) stream->close();
        return !stream || stream->closed();
    });
}

/// What follows on each place where a client stands that can take it now. One that is far behind, or whose
/// reader has gone to sleep, holds up nobody else.
asio::awaitable<std::optional<EventHub::News>> EventHub::read_news() {
    std::set<std::int64_t> places;
    for (const Client& client : clients_) {
        const auto stream = client.stream.lock();
        if (stream && stream->empty() && client.sent >= 0) places.insert(client.sent);
    }
    auto news = std::make_shared<News>();
    store::Store::ReadJob job = [news, places](store::StoreReader& reader) -> error_code {
        news->last = reader.last_event_id();
        for (const std::int64_t place : places)
            if (place < news->last) news->after[place] = reader.events_after(place, kBatch);
        return {};
    };
    auto [failed] = co_await store_.async_read(std::move(job), as_result);
    if (failed) co_return std::nullopt;
    co_return std::move(*news);
}

asio::awaitable<std::chrono::milliseconds> EventHub::pump() {
    constexpr std::chrono::milliseconds kIdle{1'000};
    drop_closed();
    if (clients_.empty()) co_return kIdle;
    const auto news = co_await read_news();
    if (!news) co_return kIdle;
    bool somebody_busy = false, more = false;
    for (Client& client : clients_) {
        const auto stream = client.stream.lock();
        if (!stream) continue;
        if (client.sent < 0) client.sent = news->last;
        if (!stream->empty()) {  // still writing the last batch: it gets this one when it has
            somebody_busy = true;
            continue;
        }
        const auto found = news->after.find(client.sent);
        if (found == news->after.end()) {  // came, or could take something again, while we read
            more |= client.sent < news->last;
            continue;
        }
        more |= found->second.size() == kBatch;
        for (const store::LiveEvent& event : found->second) {
            if (!stream->push(frame(event))) break;
            client.sent = event.id;
        }
    }
    if (more) co_return std::chrono::milliseconds{0};
    co_return somebody_busy ? std::chrono::milliseconds{20} : kIdle;
}

}  // namespace webhooks::staff
