#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/http/form.hpp"

namespace webhooks::gateways {

// Talking to gateways' REST APIs: what their requests and replies have in common.

[[nodiscard]] net::OutgoingRequest json_post(std::string url, const nlohmann::json& body);
[[nodiscard]] net::OutgoingRequest form_post(std::string url, const http::Form& body);
/// "Authorization: <scheme> <token>"
[[nodiscard]] std::string authorization(std::string_view scheme, std::string_view token);

/// A reply's body; a discarded value when it is not JSON.
[[nodiscard]] nlohmann::json reply_document(const net::IncomingReply& reply);

/// What a list of a gateway may have of bytes: a thousand texts.
inline constexpr std::size_t kMostOfAList = 4 * 1024 * 1024;
/// Entries of a list in a reply.
struct Listed {
    std::vector<nlohmann::json> entries;  ///< those of the time asked for, oldest first
    std::size_t of = 0;                   ///< how many stand in the reply
};
/// @param list  the path to it
/// @param time  the member of an entry that says when, in RFC 3339; one that cannot be read is taken to be as
/// old as the entry before it: better a text that is known already (its id tells) than one that is missed
/// @return nothing when the reply is none or holds no such list
[[nodiscard]] std::optional<Listed> read_listed(const net::IncomingReply& reply, const char* list,
                                                const char* time, bot::TimePoint since, bot::TimePoint until);

/// The error codes of one gateway that mean something else than "refused for good", each list with blanks
/// between.
struct CodeTable {
    std::string_view passing = {};    ///< nothing was taken, and the trouble passes
    std::string_view opted_out = {};  ///< the recipient has blocked us
    std::string_view account = {};    ///< this account sends nothing at all now
    std::string_view filtered = {};   ///< in a report: a carrier's filter dislikes its words
};
[[nodiscard]] bool is_in(std::string_view codes, std::string_view code) noexcept;

/// What the report's error code says beside the state; a block is a failure whatever the state says.
void read_code(DeliveryReport& report, const CodeTable& codes);

/// What a reply means that is not a success. Without a code of its own, the HTTP status speaks ("http_503"):
/// 401 and 402 are the account's fault, 408, 425, 429 and 5xx pass, the rest is for good.
[[nodiscard]] SendOutcome judge(const net::IncomingReply& reply, std::string code, const CodeTable& codes);

/// Seconds since 1970 as "2026-11-24T06:00:00Z" (RFC 3339).
[[nodiscard]] std::string utc_time(bot::TimePoint time);

}  // namespace webhooks::gateways
