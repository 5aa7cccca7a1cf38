#include "webhooks/signup/number.hpp"

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <set>

namespace webhooks::signup {

namespace {

namespace plan = i18n::phonenumbers;
using plan::PhoneNumberUtil;

constexpr std::size_t kLongest = 40;
constexpr std::string_view kFictional = "155501";  // and two digits

/// The library's own log would hold numbers.
const PhoneNumberUtil& library() {
    static const PhoneNumberUtil& util = []() -> const PhoneNumberUtil& {
        PhoneNumberUtil* instance = PhoneNumberUtil::GetInstance();
        instance->SetLogger(new plan::NullLogger);  // the library owns it
        return *instance;
    }();
    return util;
}

/// "555-0104" or "+1 555 0104" as "+15550104"; empty when it is something else.
std::string as_fictional(std::string_view typed) {
    std::string digits;
    std::copy_if(typed.begin(), typed.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    if (!digits.starts_with('1')) digits.insert(digits.begin(), '1');
    if (digits.size() != kFictional.size() + 2 || !digits.starts_with(kFictional)) return {};
    return "+" + digits;
}

bool takes_texts(PhoneNumberUtil::PhoneNumberType type) {
    // Where landlines and mobiles share a plan, as in the US, they cannot be told apart.
    return type == PhoneNumberUtil::MOBILE || type == PhoneNumberUtil::FIXED_LINE_OR_MOBILE;
}

std::string formatted(const plan::PhoneNumber& number, PhoneNumberUtil::PhoneNumberFormat format) {
    std::string text;
    library().Format(number, format, &text);
    return text;
}

}  // namespace

Numbers::Numbers(std::vector<std::string> countries, bool fictional)
    : countries_(std::move(countries)), fictional_(fictional) {}

Numbers::Reading Numbers::read(std::string_view typed) const {
    if (typed.size() > kLongest) return {};
    if (std::string fiction = fictional_ ? as_fictional(typed) : std::string(); !fiction.empty())
        return {Verdict::ok, std::move(fiction)};
    plan::PhoneNumber number;
    if (library().Parse(std::string(typed), countries_.front(), &number) != PhoneNumberUtil::NO_PARSING_ERROR)
        return {};
    std::string country;
    library().GetRegionCodeForNumber(number, &country);
    if (!library().IsValidNumber(number) || number.has_extension()) return {};
    if (std::find(countries_.begin(), countries_.end(), country) == countries_.end())
        return {Verdict::other_country, {}};
    if (!takes_texts(library().GetNumberType(number))) return {Verdict::no_mobile, {}};
    return {Verdict::ok, formatted(number, PhoneNumberUtil::E164)};
}

std::string Numbers::at_home(std::string_view e164) {
    plan::PhoneNumber number;
    const bool parsed =
        library().Parse(std::string(e164), "ZZ", &number) == PhoneNumberUtil::NO_PARSING_ERROR;
    if (!parsed || !library().IsValidNumber(number)) return std::string(e164);
    return formatted(number, PhoneNumberUtil::NATIONAL);
}

std::string Numbers::example(const std::string& country) {
    plan::PhoneNumber number;
    library().GetExampleNumberForType(country, PhoneNumberUtil::MOBILE, &number);
    return formatted(number, PhoneNumberUtil::NATIONAL);
}

bool Numbers::is_country(std::string_view code) {
    std::set<std::string> countries;
    library().GetSupportedRegions(&countries);
    return countries.contains(std::string(code));
}

std::string_view prefix_of(std::string_view e164) noexcept {
    constexpr std::size_t kBlock = 3;
    return e164.substr(0, e164.size() - std::min(kBlock, e164.size()));
}

}  // namespace webhooks::signup
