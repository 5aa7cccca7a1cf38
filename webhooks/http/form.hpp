#pragma once
#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace webhooks::http {

/// Fields of an `application/x-www-form-urlencoded` body (WHATWG URL standard, section 5), in order, decoded.
using Form = std::vector<std::pair<std::string, std::string>>;

/// Why a form was refused, with the field, for the problem document.
struct FormError {
    std::string field;   ///< decoded name as far as read, or its number ("#3")
    std::string reason;  ///< "percent sign without two hex digits", "not UTF-8", "more than 200 fields"
};

/// Strict: a broken percent escape, invalid UTF-8 or more than 200 fields refuse the whole form.
[[nodiscard]] boost::system::result<Form, FormError> parse_form(std::string_view body);

/// The first field of that name (exact).
[[nodiscard]] std::optional<std::string_view> field(const Form& form, std::string_view name) noexcept;

/// `application/x-www-form-urlencoded` of name and value, for requests we send.
[[nodiscard]] std::string encode_form(const Form& form);

}  // namespace webhooks::http
