#pragma once
#include <chrono>
#include <string>
#include <variant>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/gateways/settings.hpp"

namespace webhooks::gateways {

// Calls by Twilio's Calls resource (2010-04-01), with TwiML of our own at /webhooks/twilio/<name>/voice.
// Pure.

/// One call to place.
struct CallOrder {
    std::string from;  ///< our number
    std::string to;    ///< E.164
    std::string page;  ///< our id, comes back in the query of every webhook of the call
    std::chrono::seconds ring_for{30};
};
/// @param public_url  where Twilio reaches us, no trailing slash
[[nodiscard]] net::OutgoingRequest build_call(const AccountSettings& account, const std::string& public_url,
                                              const CallOrder& order);

struct CallPlaced {
    std::string sid;
};
struct CallRefused {
    std::string code;     ///< Twilio's, or "http_503"
    bool passes = false;  ///< nothing was called, and the trouble passes
};
using CallOutcome = std::variant<CallPlaced, CallRefused>;
[[nodiscard]] CallOutcome read_call_reply(const net::IncomingReply& reply);

/// What a webhook of a call says.
struct CallNews {
    std::string page;       ///< our id
    bool machine = false;   ///< an answering machine or a fax took it
    bool over = false;      ///< the call has ended, however it went
    bool answered = false;  ///< of a number dialled for it: picked up
    std::string dialled;    ///< how that call ended: "completed", "no-answer"; empty: nobody was dialled yet
    std::string digits;     ///< keys pressed; empty: none
};
/// @param request  verified by the account's gateway
[[nodiscard]] Parsed<CallNews> read_call(const http::Request& request);

/// What is said on the phone: TwiML that reads `say` aloud and, with an `action`, waits for one key.
/// @param action  where the key is posted; empty: the call ends after the words
[[nodiscard]] http::Response say(std::string_view words, std::string_view action = {});

/// Another number to be put through to whoever is on the phone.
struct Dial {
    std::string to;         ///< E.164
    std::string caller_id;  ///< the number of ours that they see
    std::string action;     ///< told when that call is over
    std::string status;     ///< told when it is picked up
};
[[nodiscard]] http::Response put_through(std::string_view words, const Dial& dial);

}  // namespace webhooks::gateways
