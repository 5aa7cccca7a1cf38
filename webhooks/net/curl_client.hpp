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

/// Errors of ours beside libcurl's own. Both kinds come in two categories: `unsent` when not one byte of the
/// request had been written, so that sending again can never double, and without it when the peer may have
/// acted on it (reliability.md I11).
enum class Error {
    withdrawn = 1,    ///< `may_send` said no; always unsent
    reply_too_large,  ///< more than the request allows of body, or 64 KiB of headers
    bad_request,      ///< a header line with a line break in it; always unsent
    private_address,  ///< `only_public`, and it leads elsewhere; always unsent
};
[[nodiscard]] const boost::system::error_category& net_category() noexcept;
[[nodiscard]] const boost::system::error_category& curl_category() noexcept;
[[nodiscard]] const boost::system::error_category& curl_unsent_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(Error e) noexcept {
    return {static_cast<int>(e), net_category()};
}

/// True when a failed exchange cannot have reached the peer. Anything else is uncertain.
[[nodiscard]] bool certainly_not_sent(const boost::system::error_code& failure) noexcept;

/// All outgoing HTTP: one libcurl multi handle driven by Asio. Net thread only. Redirects are not followed,
/// replies are capped, only http and https are spoken, certificates are checked, no proxy is taken from the
/// environment, and one request is written at most once: libcurl's own second try on a fresh connection is
/// cut off, for the peer may have acted on the first.
class CurlClient {
public:
    using Signature = void(boost::system::error_code, IncomingReply);

    explicit CurlClient(boost::asio::any_io_executor executor);
    ~CurlClient();
    CurlClient(const CurlClient&) = delete;
    CurlClient& operator=(const CurlClient&) = delete;

    /// Carry out one request; completes once, with an error or a reply of any status. Cancelled through the
    /// token's slot, or by the end of this client, it completes with `asio::error::operation_aborted`.
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
