#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/escalation.hpp"
#include "webhooks/gateways/gateway.hpp"
#include "webhooks/gateways/standard_webhooks.hpp"
#include "webhooks/http/router.hpp"
#include "webhooks/staff/event_hub.hpp"
#include "webhooks/store/store.hpp"

namespace webhooks::demo {

namespace asio = boost::asio;

/// The demo page and what stands behind its phones: a make-believe carrier on this machine. A text typed on
/// the page becomes a signed webhook of the generic gateway and takes the real way in; what the dispatcher
/// hands over comes to /demo/gateway, is verified as any carrier would, and is reported delivered by another
/// signed webhook. It serves without a password, so it exists in demo mode only, on loopback. Net thread
/// only.
class Demo {
public:
    struct Parts {
        asio::any_io_executor executor;
        store::Store& store;
        staff::EventHub& events;
        const http::Router& router;          ///< the webhook paths: what the phones send goes through it
        const gateways::Gateway& gateway;    ///< the demo account
        std::string secret;                  ///< its secret: this carrier signs with it
        std::string number;                  ///< the line's
        std::string name;                    ///< what the line is called on a phone
        std::vector<bot::Responder> people;  ///< on call
    };

    explicit Demo(Parts parts);

    /// GET /demo and its files, /demo/phone, /demo/events; POST /demo/phones, /demo/texts, /demo/gateway.
    void add(http::Router& router);

private:
    using Handle = asio::awaitable<http::Response> (Demo::*)(const http::Request&);
    void add_assets(http::Router& router);
    void add_handler(http::Router& router, std::string method, std::string path, Handle handle);

    asio::awaitable<http::Response> new_phone(const http::Request& request);
    asio::awaitable<http::Response> phone(const http::Request& request);
    asio::awaitable<http::Response> events(const http::Request& request);
    asio::awaitable<http::Response> text(const http::Request& request);
    asio::awaitable<http::Response> take(const http::Request& request);

    asio::awaitable<http::Response> webhook(std::string path, std::string body);
    asio::awaitable<void> report_delivered(std::string message_id);
    [[nodiscard]] bool is_texter(std::string_view number) const;
    [[nodiscard]] bool is_on_call(std::string_view number) const;

    /// What a phone of somebody on call shows. In memory: the store keeps pages without their reader.
    struct PhoneText {
        bool from_line = true;
        std::string text;
        bot::TimePoint at;
    };
    void remember(const std::string& number, PhoneText text);

    Parts parts_;
    gateways::StandardWebhooks signer_;
    std::map<std::string, std::deque<PhoneText>> on_call_;  ///< by number
};

}  // namespace webhooks::demo
