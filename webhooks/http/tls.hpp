#pragma once
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "webhooks/http/server.hpp"

namespace webhooks::http {

/// TLS 1.2 or later with the certificate chain and key of `files`. Null when no certificate is configured.
/// @throws std::runtime_error naming the file that cannot be used
[[nodiscard]] std::unique_ptr<asio::ssl::context> open_tls(const TlsFiles& files);

}  // namespace webhooks::http
