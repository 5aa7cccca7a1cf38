#pragma once
#include "webhooks/staff/call.hpp"

namespace webhooks::staff {

/// The queue, conversations and cases, read; and the stream of live events. Net thread only, but for what a
/// read job does.
class ConversationApi {
public:
    explicit ConversationApi(const Parts& parts) : parts_(parts) {}
    void add(Routes& routes);

    /// One conversation as its reader sees it; 404 when there is none.
    [[nodiscard]] asio::awaitable<http::Response> show(store::ContactId contact, const Caller& caller,
                                                       int status = 200);

private:
    asio::awaitable<http::Response> queue(const Call& call);
    asio::awaitable<http::Response> conversations(const Call& call);
    asio::awaitable<http::Response> conversation(const Call& call);
    asio::awaitable<http::Response> messages(const Call& call);
    asio::awaitable<http::Response> part(const Call& call);
    asio::awaitable<http::Response> escalations(const Call& call);
    asio::awaitable<http::Response> history(const Call& call);
    asio::awaitable<http::Response> outbox(const Call& call);
    asio::awaitable<http::Response> events(const Call& call);

    const Parts& parts_;
};

/// A message as staff see it, with what was heard in it in words.
[[nodiscard]] nlohmann::json render_heard(const store::MessageRow& row, const bot::Content& content);

}  // namespace webhooks::staff
