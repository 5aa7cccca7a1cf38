#pragma once
#include "webhooks/staff/conversation_api.hpp"

namespace webhooks::staff {

/// What staff do to a conversation and a contact, by POST. Net thread only.
class ActionApi {
public:
    ActionApi(const Parts& parts, ConversationApi& conversations)
        : parts_(parts), conversations_(conversations) {}
    void add(Routes& routes);

private:
    using Act = std::function<Outcome<void>(Actions&, store::ContactId)>;

    asio::awaitable<http::Response> take(const Call& call);
    asio::awaitable<http::Response> reply(const Call& call);
    asio::awaitable<http::Response> check(const Call& call);
    asio::awaitable<http::Response> note(const Call& call);
    asio::awaitable<http::Response> tag(const Call& call);
    asio::awaitable<http::Response> visit(const Call& call);
    asio::awaitable<http::Response> call_back(const Call& call);
    asio::awaitable<http::Response> call_texter(const Call& call);
    asio::awaitable<http::Response> transfer(const Call& call);
    asio::awaitable<http::Response> hand_back(const Call& call);
    asio::awaitable<http::Response> resolve(const Call& call);
    asio::awaitable<http::Response> typing(const Call& call);
    asio::awaitable<http::Response> reveal(const Call& call);
    asio::awaitable<http::Response> export_contact(const Call& call);

    /// Does it, and answers with the conversation as it is then.
    asio::awaitable<http::Response> act(const Call& call, Act what);
    template <class T>
    asio::awaitable<std::optional<Outcome<T>>> run(const Call& call,
                                                   std::function<Outcome<T>(Actions&)> what);

    const Parts& parts_;
    ConversationApi& conversations_;
};

}  // namespace webhooks::staff
