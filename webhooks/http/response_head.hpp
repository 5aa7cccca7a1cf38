#pragma once
#include <ctime>
#include <string>

#include "webhooks/http/message.hpp"

namespace webhooks::http {

/// Writes status line and header of an answer. Sets Date, framing and Connection itself, and unless the
/// handler did, the headers that keep a browser safe: nothing is cached, sniffed, framed, or told where it
/// came from.
class ResponseHead {
public:
    /// Replaces `out`. False when the response cannot be sent as it is: a status outside 200 to 599, or a
    /// header that would break the framing (a bug of its handler).
    /// @param close  tells the client that the connection ends with this answer
    [[nodiscard]] bool write(const Response& response, bool close, std::string& out);

    /// A status that never has a body.
    [[nodiscard]] static bool bodiless(int status) noexcept { return status == 204 || status == 304; }

private:
    void write_date(std::string& out);

    std::time_t second_ = 0;  // for which date_ is right
    std::string date_;
};

}  // namespace webhooks::http
