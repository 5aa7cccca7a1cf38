#pragma once
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/gateways/gateway.hpp"
#include "webhooks/http/form.hpp"

namespace webhooks::gateways {

// Reading what gateways send: forms, JSON, and the odd shapes of single fields. What is missing or of another
// type reads as empty, for one odd field must not lose a text; what a text cannot do without is checked in
// one place (Account::add).

inline constexpr std::size_t kLongestId = 128;
inline constexpr std::size_t kLongestCode = 32;
inline constexpr std::size_t kMostMedia = 32;

[[nodiscard]] Refused malformed(std::string field, std::string detail);

/// 1 to `longest` visible ASCII characters: an id, a code.
[[nodiscard]] bool is_plain(std::string_view text, std::size_t longest) noexcept;
/// The text if it is that, else nothing.
[[nodiscard]] std::string plain_or_empty(std::string_view text, std::size_t longest);

/// A number as gateways write it ("15550100123", " 1555..." where a "+" was lost in a query) in E.164 form; a
/// short code stays as it is.
[[nodiscard]] std::string as_number(std::string_view text);
/// Without the "+", for gateways that want bare digits.
[[nodiscard]] std::string bare_digits(std::string_view e164);

/// A picture's reference is kept only if it is a web address.
void add_medium(std::vector<bot::Media>& media, std::string url, std::string content_type);

// ---- forms

[[nodiscard]] bool has_type(const http::Request& request, std::string_view type);
/// A POST that is a form, or has no body at all.
[[nodiscard]] bool is_form_post(const http::Request& request);
[[nodiscard]] Parsed<http::Form> read_form(std::string_view text);
/// The fields of a GET's query, a form, or a flat JSON object (texts, numbers and truth values).
[[nodiscard]] Parsed<http::Form> fields_of(const http::Request& request);
[[nodiscard]] std::string_view text_or_empty(const http::Form& fields, std::string_view name);
/// A field of the query of the URL that was called.
[[nodiscard]] std::string in_query(const http::Request& request, std::string_view name);

// ---- JSON

[[nodiscard]] Parsed<nlohmann::json> document_of(const http::Request& request);
/// Strict like `document_of`, for gateways that send a list at the top.
[[nodiscard]] Parsed<nlohmann::json> list_of(const http::Request& request);
/// The value at a path of member names; null when there is none.
[[nodiscard]] const nlohmann::json* find(const nlohmann::json& value,
                                         std::initializer_list<const char*> path) noexcept;
/// The text there, a number as its digits; empty when there is none.
[[nodiscard]] std::string text_at(const nlohmann::json& value, std::initializer_list<const char*> path);
/// The first element of the list there; null when there is none.
[[nodiscard]] const nlohmann::json* first_at(const nlohmann::json& value,
                                             std::initializer_list<const char*> path) noexcept;

// ---- tables

/// What a gateway's status word says of a message of ours.
struct StateName {
    std::string_view name;
    DeliveryReport::State state;
};
/// `ignored` for a word that is not in the table.
[[nodiscard]] DeliveryReport::State state_in(std::initializer_list<StateName> table,
                                             std::string_view name) noexcept;

}  // namespace webhooks::gateways
