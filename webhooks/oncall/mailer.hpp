#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <string>

#include "bot/time.hpp"
#include "webhooks/oncall/roster.hpp"

namespace webhooks::oncall {

/// One e-mail, plain text.
struct Mail {
    std::string to;  ///< address
    std::string subject;
    std::string text;
    std::string id;  ///< left part of its Message-ID: the same over tries
};

/// The mail as it goes over the wire (RFC 5322), lines ended by CR LF.
[[nodiscard]] std::string compose(const MailSettings& settings, const Mail& mail, bot::TimePoint now);

/// Hands e-mail to a mail server by SMTP, through libcurl on a thread of its own. TLS is used where the
/// server offers it, and required for a host that is not this machine. Net thread only.
class Mailer {
public:
    explicit Mailer(MailSettings settings) : settings_(std::move(settings)) {}
    ~Mailer() { thread_.join(); }
    Mailer(const Mailer&) = delete;
    Mailer& operator=(const Mailer&) = delete;

    /// @return what went wrong, in libcurl's words; empty: the server has taken it
    boost::asio::awaitable<std::string> send(Mail mail, bot::TimePoint now);

private:
    MailSettings settings_;
    boost::asio::thread_pool thread_{1};
};

}  // namespace webhooks::oncall
