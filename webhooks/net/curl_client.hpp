#pragma once
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <utility>

#include "webhooks/net/http_exchange.hpp"

namespace webhooks::net {

/// Errors of ours beside libcurl's own (`curl_category`).
enum class Error { withdrawn = 1 };
[[nodiscard]] const boost::system::error_category& net_category() noexcept;
[[nodiscard]] const boost::system::error_category& curl_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(Error e) noexcept {
    return {static_cast<int>(e), net_category()};
}

/// True when a failed exchange cannot have reached the peer (could not resolve or connect, or was withdrawn),
/// so that sending again can never double. Anything else is uncertain (reliability.md I11).
[[nodiscard]] bool certainly_not_sent(const boost::system::error_code& failure) noexcept;

/// All outgoing HTTP: one libcurl multi handle driven by Asio. Net thread only. Redirects are not followed,
/// replies are capped, only http and https are spoken.
class CurlClient {
public:
    using Signature = void(boost::system::error_code, IncomingReply);

    explicit CurlClient(boost::asio::any_io_executor executor);
    ~CurlClient();
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    /// Carry out one request; completes once, with libcurl's error or a reply of any status.
    template <boost::asio::completion_token_for<Signature> Token>
    auto async_exchange(OutgoingRequest request, Token&& token) {
        return boost::asio::async_initiate<Token, Signature>(
            [this](auto handler, OutgoingRequest r) { start(std::move(r), Handler(std::move(handler))); },
            token, std::move(request));
    }
    [[nodiscard]] std::size_t in_flight() const noexcept;

private:
    using Handler = boost::asio::any_completion_handler<Signature>;
    void start(OutgoingRequest request, Handler handler);
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace webhooks::net

template <>
struct boost::system::is_error_code_enum<webhooks::net::Error> : std::true_type {};
