#include "webhooks/inbound/media_fetch.hpp"

#include <array>
#include <utility>

#include "webhooks/inbound/media_type.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/origin.hpp"
#include "webhooks/net/retry_after.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::inbound {

namespace {

constexpr int kMostAtOnce = 4;  // each may hold 5 MiB
constexpr int kMostHops = 4;

bool leads_on(long status) noexcept {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

MediaFetch::Result judge(net::IncomingReply reply) {
    if (reply.status == 404 || reply.status == 410) return MediaTrouble::gone;
    if (reply.status != 200) return MediaTrouble::no_answer;
    const std::string_view type = media_type_of(reply.body);
    if (type.empty()) return MediaTrouble::not_media;
    return Medium{std::string(type), std::move(reply.body)};
}

MediaTrouble judge(const boost::system::error_code& failed) noexcept {
    if (failed == net::Error::reply_too_large) return MediaTrouble::too_large;
    if (failed == net::Error::private_address) return MediaTrouble::not_allowed;
    return MediaTrouble::no_answer;
}

}  // namespace

std::string_view to_string(MediaTrouble trouble) noexcept {
    constexpr std::array<std::string_view, 7> kWords{"",
                                                     "picture_not_allowed",
                                                     "picture_gone",
                                                     "picture_too_large",
                                                     "picture_not_media",
                                                     "picture_no_answer",
                                                     "picture_busy"};
    return kWords[static_cast<std::size_t>(trouble)];
}

asio::awaitable<MediaFetch::Result> MediaFetch::fetch(std::string account, std::string url) {
    const gateways::Gateway* const gateway = gateway_(account);
    if (gateway == nullptr) co_return MediaTrouble::not_allowed;  // the account is no longer configured
    if (under_way_ == kMostAtOnce) co_return MediaTrouble::busy;
    struct Count {
        explicit Count(int& counted) : number(++counted) {}
        ~Count() { --number; }
        Count(const Count&) = delete;
        Count& operator=(const Count&) = delete;
        int& number;
    };
    const Count counted(under_way_);
    co_return co_await follow(*gateway, std::move(url));
}

asio::awaitable<MediaFetch::Result> MediaFetch::follow(const gateways::Gateway& gateway, std::string url) {
    for (int hop = 0; hop < kMostHops; ++hop) {
        auto request = gateway.build_media_fetch(url);
        if (!request) {
            telemetry::log(telemetry::Level::warning, "picture_host_not_allowed",
                           {{"account", telemetry::Safe(gateway.account())},
                            {"origin", telemetry::Safe(net::origin_of(url).value_or("none"))}});
            co_return MediaTrouble::not_allowed;
        }
        auto [failed, reply] = co_await curl_.async_exchange(std::move(*request), net::as_result);
        if (failed) co_return judge(failed);
        if (!leads_on(reply.status)) co_return judge(std::move(reply));
        const std::string* const location = net::header(reply, "location");
        auto target = location == nullptr ? std::nullopt : net::redirect_target(url, *location);
        if (!target) co_return MediaTrouble::no_answer;
        url = std::move(*target);
    }
    co_return MediaTrouble::no_answer;
}

}  // namespace webhooks::inbound
