#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace bot {

/// `bridge` is no page: the holder of a case asked to be called and put through to its texter. Numbers are
/// stored.
enum class PageBy { sms, voice, email, hook, bridge };

/// One way a page takes to a person: so long after the page was decided, unless somebody has it by then.
struct NotificationRule {
    PageBy by = PageBy::sms;
    std::chrono::seconds after{0};
    std::string hook{};  ///< name of the [[hook]], for PageBy::hook
};

/// Somebody who can be paged.
struct Responder {
    std::string name;     ///< unique; shown to the texter when they take the conversation
    std::string phone;    ///< E.164
    std::string email{};  ///< may be empty
    std::vector<NotificationRule> rules{{PageBy::sms, std::chrono::seconds{0}, {}}};
    std::string deputy{};  ///< who stands in when their phone says STOP; empty: whoever else there is
};

}  // namespace bot
