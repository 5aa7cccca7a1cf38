#pragma once
#include <boost/system/result.hpp>
#include <string>

#include "bot/language.hpp"
#include "webhooks/http/message.hpp"

namespace webhooks::signup {

/// The body of POST /api/v1/signups, in form but not yet in substance.
struct Posted {
    std::string number;     ///< as typed
    std::string challenge;  ///< as given by /api/v1/signups/challenge
    std::string answer;     ///< digits that solve it
    bot::Language language = bot::Language::en;
};

/// JSON only, which no page elsewhere can make a browser post; every field a text; none beside these. Else
/// the problem, which names the field.
[[nodiscard]] boost::system::result<Posted, http::Response> read_posted(const http::Request& request);

}  // namespace webhooks::signup
