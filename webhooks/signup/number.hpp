#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace webhooks::signup {

/// Reads what people type as their mobile number, by libphonenumber's numbering plans. Net thread only.
class Numbers {
public:
    enum class Verdict { ok, not_a_number, other_country, no_mobile };
    struct Reading {
        Verdict verdict = Verdict::not_a_number;
        std::string e164;  ///< only when ok
    };

    /// @param countries  ISO 3166-1; the first is meant by a number without "+"
    /// @param fictional  +155501xx is taken as well, which no plan knows (the demo)
    Numbers(std::vector<std::string> countries, bool fictional);

    /// "(212) 555-0110", "+1 212 555 0110". Refused beside what is no number of the plan: other countries
    /// (also those within +1), and what is dear or no phone: premium, toll-free, shared-cost, landlines.
    /// Never logs what was typed.
    [[nodiscard]] Reading read(std::string_view typed) const;

    /// As people write it at home: "(212) 555-0110". What is no number of a plan comes back as it is.
    [[nodiscard]] static std::string at_home(std::string_view e164);
    /// A number of that country that nobody has, at home: "(201) 555-0123".
    [[nodiscard]] static std::string example(const std::string& country);
    [[nodiscard]] static bool is_country(std::string_view code);

private:
    std::vector<std::string> countries_;
    bool fictional_;
};

/// Without the last three digits: blocks of a thousand are what toll fraud is paid for.
[[nodiscard]] std::string_view prefix_of(std::string_view e164) noexcept;

}  // namespace webhooks::signup
