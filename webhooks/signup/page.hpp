#pragma once
#include <map>
#include <string>
#include <string_view>

#include "bot/language.hpp"

namespace webhooks::signup {

/// What a page says beside its fixed words.
struct PageFacts {
    std::map<std::string, std::string> line;  ///< placeholders of the line: org, helpline, url
    bool staffed = true;                      ///< false: nobody reads along, and the page says so
    std::string number;                       ///< to text: E.164 or a short code
    std::string number_at_home;               ///< the same, as people read it
    std::string example;                      ///< of what to type
};

/// The sign-up page and its embedded form in both languages, written once at start from assets/page.html and
/// assets/words.json. Immutable.
class Page {
public:
    /// @throws std::logic_error when the assets do not fit together (a test renders them all)
    explicit Page(const PageFacts& facts);

    [[nodiscard]] const std::string& html(bot::Language language, bool embedded) const;
    /// What somebody agrees to who presses the button, for the consent ledger.
    [[nodiscard]] const std::string& consent(bot::Language language) const;

private:
    struct Version {
        std::string page, embedded, consent;
    };
    std::map<bot::Language, Version> versions_;
};

/// The language asked for by `?lang=`, else the first that is ours of Accept-Language, else English.
[[nodiscard]] bot::Language choose_language(std::string_view query, std::string_view accept_language);

}  // namespace webhooks::signup
