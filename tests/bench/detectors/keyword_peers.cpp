#include "tests/bench/detectors/keyword_peers.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <string_view>

namespace ears {

namespace {

Heard nothing() {
    Heard heard;
    heard.consent = "none";
    heard.situation = "other";
    return heard;
}

std::string upper_trimmed(const std::string& text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string::npos) return {};
    std::string word = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
    std::transform(word.begin(), word.end(), word.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return word;
}

}  // namespace

Heard twilio_keywords(const std::string& text) {
    constexpr std::string_view kStop[]{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL",
                                       "END",  "QUIT",    "OPTOUT",      "REVOKE"};
    constexpr std::string_view kStart[]{"START", "YES", "UNSTOP"};
    constexpr std::string_view kHelp[]{"HELP", "INFO"};
    const std::string word = upper_trimmed(text);
    const auto is_in = [&](const auto& words) {
        return std::find(std::begin(words), std::end(words), word) != std::end(words);
    };
    Heard heard = nothing();
    if (is_in(kStop)) heard.consent = "opt_out";
    if (is_in(kStart)) heard.consent = "opt_in";
    if (is_in(kHelp)) heard.consent = "help";
    return heard;
}

Heard spoke_patterns(const std::string& text) {
    static const RE2 kOptOut(
        R"((?i)^\s*stop\b|\bremove me\s*$|remove my name|\btake me off th\w+ list|\blose my number|)"
        R"(don\W?t contact me|delete my number|i opt out|stop2quit|stopall|)"
        R"(^\s*(?:unsubscribe|cancel|end|quit)\s*$)");
    Heard heard = nothing();
    if (RE2::PartialMatch(text, kOptOut)) heard.consent = "opt_out";
    return heard;
}

Heard crisis_keywords(const std::string& text) {
    static const RE2 kSelfHarm(
        R"((?i)suicid|kill myself|kms\b|want to die|wanna die|end my life|end it all|hurt myself|cut myself|)"
        R"(self.?harm|better off dead|no reason to live|matarme|suicidar|quiero morir|quitarme la vida)");
    static const RE2 kImminent(R"((?i)kill myself|tonight|goodbye|\bgun\b|matarme|quitarme la vida)");
    static const RE2 kOverdose(
        R"((?i)overdos|\bod\b|narcan|naloxone|not breathing|chest pain|wont wake|won't wake|blue lips|seizure|)"
        R"(sobredosis|no respira|no despierta)");
    static const RE2 kViolence(
        R"((?i)hit me|hits me|beat me|beats me|abuse|rape|kill me|kill him|kill her|choke|stab|shoot|\bgun\b|)"
        R"(\bknife\b|me pega|golpea|violo|lo voy a matar|cuchillo)");
    Heard heard = nothing();
    const bool self_harm = RE2::PartialMatch(text, kSelfHarm);
    if (self_harm) heard.risk.emplace_back("self_harm");
    if (RE2::PartialMatch(text, kOverdose)) heard.risk.emplace_back("overdose");
    if (RE2::PartialMatch(text, kViolence)) heard.risk.emplace_back("violence");
    heard.imminent =
        heard.risk.size() > (self_harm ? 1U : 0U) || (self_harm && RE2::PartialMatch(text, kImminent));
    return heard;
}

}  // namespace ears
