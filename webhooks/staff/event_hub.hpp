#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/http/event_stream.hpp"
#include "webhooks/net/alarm.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::staff {

namespace asio = boost::asio;

/// Live events as server-sent events. The store is the only source: after each commit the hub reads what is
/// new and passes it on, and a client that comes back with Last-Event-ID is first given what it missed from
/// the same table, so that nothing is lost or doubled over reconnects and restarts. Net thread only.
class EventHub {
public:
    EventHub(asio::any_io_executor executor, store::Store& store);

    void start();
    /// A commit may have published something.
    void wake() { alarm_.ring(); }
    /// Ends every stream; the clients reconnect elsewhere or later.
    void stop();

    /// Whose stream it is, and when it ends in any case: nobody watches on who has been signed out.
    struct Watcher {
        std::string session, name;
        std::optional<bot::TimePoint> until;
    };
    /// A new client. @param after  its Last-Event-ID, or nothing: from now on
    [[nodiscard]] std::shared_ptr<http::EventStream> subscribe(std::optional<std::int64_t> after,
                                                               Watcher watcher = {});
    /// Ends the streams of a session, or of everybody of a name.
    void end_streams(const std::string& session, const std::string& name);
    /// To everybody who watches now; never repeated, and no loss when somebody is behind.
    void tell(std::string_view type, std::string_view data_json);
    [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }

private:
    struct Client {
        std::weak_ptr<http::EventStream> stream;
        std::int64_t sent = -1;  ///< id of the last event given; -1: from now on, not known yet
        Watcher watcher;
    };
    struct News {
        std::int64_t last = 0;                                        ///< id of the newest event
        std::map<std::int64_t, std::vector<store::LiveEvent>> after;  ///< by the id they follow on
    };
    asio::awaitable<void> run();
    void drop_closed();
    asio::awaitable<std::optional<News>> read_news();
    asio::awaitable<std::chrono::milliseconds> pump();  ///< @return how long to rest

    asio::any_io_executor executor_;
    store::Store& store_;
    net::Alarm alarm_;
    std::vector<Client> clients_;
    bool stopping_ = false;
};

}  // namespace webhooks::staff
