#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/net/curl_client.hpp"

namespace webhooks::inbound {

namespace asio = boost::asio;

/// Why a picture cannot be shown. The words are the codes of the API.
enum class MediaTrouble {
    not_allowed = 1,  ///< it lies, or leads, where `pictures_from` does not allow
    gone,             ///< the gateway has it no longer (404, 410)
    too_large,        ///< more than 5 MiB
    not_media,        ///< neither picture, sound nor film (media_type.hpp)
    no_answer,        ///< the gateway does not hand it out now
    busy              ///< as many as may be are being fetched
};
[[nodiscard]] std::string_view to_string(MediaTrouble trouble) noexcept;

struct Medium {
    std::string type;  ///< by its bytes: media_type.hpp
    std::string bytes;
};

/// Fetches what a texter has sent with an MMS, when somebody of staff asks for it; nothing is ever kept. What
/// may be fetched with which credentials the gateway says (`Gateway::build_media_fetch`), anew for each
/// redirect. Net thread only.
class MediaFetch {
public:
    using GatewayOf = std::function<const gateways::Gateway*(std::string_view account)>;
    /// @param curl  outlives this
    MediaFetch(net::CurlClient& curl, GatewayOf gateway) : curl_(curl), gateway_(std::move(gateway)) {}

    using Result = boost::system::result<Medium, MediaTrouble>;
    /// @param account  whose webhook named the URL
    asio::awaitable<Result> fetch(std::string account, std::string url);

private:
    asio::awaitable<Result> follow(const gateways::Gateway& gateway, std::string url);

    net::CurlClient& curl_;
    GatewayOf gateway_;
    int under_way_ = 0;
};

}  // namespace webhooks::inbound
