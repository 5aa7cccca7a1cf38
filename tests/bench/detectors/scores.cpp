#include "tests/bench/detectors/scores.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ears {

namespace {

template <class... Values>
std::string format(const char* pattern, Values... values) {
    char line[160];
    std::snprintf(line, sizeof line, pattern, values...);
    return line;
}

// Half the width of the 95 % interval (Wilson) of a share.
double uncertainty(std::size_t part, std::size_t whole) {
    if (whole == 0) return 0;
    constexpr double z = 1.96;
    const auto n = static_cast<double>(whole);
    const double p = static_cast<double>(part) / n;
    return z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
}

double share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double Count::recall() const { return share(heard, wanted); }
double Count::precision() const { return share(heard, said); }

Heard listen(const bot::Ears& ears, const std::string& text) {
    const bot::Ears::Reading reading = ears.read(bot::normalize(text));
    const bot::RiskReading& risk = reading.risk;
    const bot::ConsentReading& consent = reading.consent;
    Heard heard;
    for (const bot::RiskFinding& finding : risk.findings) {
        if (finding.tier == bot::RiskTier::unclear) continue;
        const bool violence =
            finding.risk == bot::RiskClass::harm_others || finding.risk == bot::RiskClass::child;
        const std::string name(to_string(violence ? bot::RiskClass::violence : finding.risk));
        if (std::find(heard.risk.begin(), heard.risk.end(), name) == heard.risk.end())
            heard.risk.push_back(name);
    }
    heard.imminent = risk.danger() && risk.imminent();
    heard.asked = heard.risk.empty() && (!risk.findings.empty() || risk.person_told_no);
    heard.consent = consent.signal == bot::ConsentSignal::unclear ? "none" : to_string(consent.signal);
    if (consent.signal == bot::ConsentSignal::none && consent.answers_yes) heard.consent = "opt_in";
    heard.situation = to_string(reading.situation.situation);
    return heard;
}

void Scores::add(const Example& example, const Heard& heard) {
    const auto count = [&](const std::string& label, bool wanted, bool said) {
        Count& counted = labels[label];
        counted.wanted += wanted ? 1U : 0U;
        counted.said += said ? 1U : 0U;
        counted.heard += wanted && said ? 1U : 0U;
        if (wanted != said)
            wrong.push_back((wanted ? "missed " : "false  ") + label + "  " + example.id + "  " +
                            example.text);
    };
    for (const char* danger : {"self_harm", "overdose", "violence"})
        count(danger, example.has(danger),
              std::find(heard.risk.begin(), heard.risk.end(), danger) != heard.risk.end());
    Count& any = labels["danger"];
    any.wanted += example.risk.empty() ? 0U : 1U;
    any.said += heard.risk.empty() ? 0U : 1U;
    any.heard += !example.risk.empty() && !heard.risk.empty() ? 1U : 0U;
    // Raising a danger to imminent is no mistake (corpus definition).
    count("imminent", example.imminent, heard.imminent && (example.imminent || example.risk.empty()));
    for (const char* signal : {"opt_out", "opt_in", "help"})
        count(signal, example.consent == signal, heard.consent == signal);
    if (!example.risk.empty()) return;
    ++harmless;
    false_alarms += heard.risk.empty() ? 0U : 1U;
    asked += heard.asked ? 1U : 0U;
    if (example.hard) {
        ++hard;
        hard_false_alarms += heard.risk.empty() ? 0U : 1U;
    }
    ++placed;
    rightly_placed += heard.situation == example.situation ? 1U : 0U;
    ++confused[example.situation][heard.situation];
}

std::string to_table(const std::string& title, const Scores& scores) {
    std::string text = title + "\n";
    for (const auto& [label, count] : scores.labels) {
        if (count.wanted == 0) continue;
        text += format("  %-10s recall %.3f (+-%.3f) of %4zu   precision %.3f (+-%.3f) of %4zu\n",
                       label.c_str(), count.recall(), uncertainty(count.heard, count.wanted), count.wanted,
                       count.precision(), uncertainty(count.heard, count.said), count.said);
    }
    text +=
        format("  false alarms %.4f (+-%.4f) of %zu harmless", share(scores.false_alarms, scores.harmless),
               uncertainty(scores.false_alarms, scores.harmless), scores.harmless);
    if (scores.hard > 0)
        text += format(", %.3f of %zu hard ones", share(scores.hard_false_alarms, scores.hard), scores.hard);
    text += format("; asked about %.4f\n", share(scores.asked, scores.harmless));
    text +=
        format("  situation right %.3f of %zu\n", share(scores.rightly_placed, scores.placed), scores.placed);
    return text;
}

}  // namespace ears
