#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "bot/ears.hpp"
#include "bot/json_text.hpp"
#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows_dir.hpp"

namespace webhooks::cli {

namespace {

using nlohmann::json;
using ordered = nlohmann::ordered_json;

// Harm to others and danger to a child are kinds of violence in this interface (DESIGN 6).
std::string_view public_name(bot::RiskClass risk) {
    return risk == bot::RiskClass::harm_others || risk == bot::RiskClass::child
               ? to_string(bot::RiskClass::violence)
               : to_string(risk);
}

ordered risks(const bot::RiskReading& reading) {
    ordered names = ordered::array();
    for (const bot::RiskFinding& finding : reading.findings) {
        if (finding.tier == bot::RiskTier::unclear) continue;
        const std::string name(public_name(finding.risk));
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
}

// Without a conversation around it, a bare YES is read as the answer to a sign-up question.
std::string_view consent(const bot::ConsentReading& reading) {
    if (reading.signal == bot::ConsentSignal::unclear) return to_string(bot::ConsentSignal::none);
    if (reading.signal == bot::ConsentSignal::none && reading.answers_yes)
        return to_string(bot::ConsentSignal::opt_in);
    return to_string(reading.signal);
}

// What was heard, by rule: for whoever adds a phrase to the lexicon.
ordered evidence(const bot::ConsentReading& consent, const bot::RiskReading& risk,
                 const bot::SituationDetector::Reading& situation) {
    ordered why;
    if (!consent.rule.empty()) why["consent"] = consent.rule;
    for (const bot::RiskFinding& finding : risk.findings)
        why["risk"].push_back({{"rule", finding.rule},
                               {"class", to_string(finding.risk)},
                               {"tier", to_string(finding.tier)},
                               {"imminent", finding.imminent},
                               {"heard", finding.heard}});
    if (risk.third_party) why["third_party"] = true;
    if (risk.minor) why["minor"] = true;
    if (risk.person_told_no) why["denied"] = true;
    if (!situation.rule.empty()) why["situation"] = situation.rule;
    if (!situation.intents.empty()) why["intents"] = situation.intents;
    return why;
}

ordered classify(const bot::Ears& ears, const json& id, const std::string& text, bool why) {
    const auto& [consent_read, risk, situation] = ears.read(bot::normalize(text));
    ordered answer;
    answer["id"] = id;
    answer["consent"] = consent(consent_read);
    answer["risk"] = risks(risk);
    answer["imminent"] = risk.danger() && risk.imminent();
    answer["situation"] = to_string(situation.situation);
    if (why) answer["why"] = evidence(consent_read, risk, situation);
    return answer;
}

// What is wrong with a line, or nothing.
std::optional<std::string> defect(const json& line) {
    if (line.is_discarded()) return "not JSON";
    if (!line.is_object()) return "not a JSON object";
    const auto id = line.find("id");
    if (id == line.end() || !(id->is_string() || id->is_number()))
        return "\"id\" must be a string or a number";
    const auto text = line.find("text");
    if (text == line.end() || !text->is_string()) return "\"text\" must be a string";
    return std::nullopt;
}

int run_classify(const std::string& flows, bool why) {
    const auto files = read_flows_dir(find_flows_dir(flows));
    if (!files) {
        std::cerr << to_string(files.error()) << '\n';
        return kBadConfig;
    }
    const auto ears = bot::Ears::load(*files);
    if (!ears) {
        for (const bot::Problem& problem : ears.error()) std::cerr << to_string(problem) << '\n';
        return kBadConfig;
    }
    int exit_code = kDone;
    std::string raw;
    for (std::size_t number = 1; std::getline(std::cin, raw); ++number) {
        if (raw.find_first_not_of(" \t\r") == std::string::npos) continue;
        const json line = json::parse(raw, nullptr, false);
        if (const auto wrong = defect(line)) {
            std::cerr << "line " << number << ": " << *wrong << '\n';
            exit_code = kFoundWrong;
            continue;
        }
        const auto& text = line["text"].get_ref<const std::string&>();
        std::cout << bot::json_text(classify(*ears, line["id"], text, why)) << '\n';
    }
    std::cout.flush();
    return std::cout ? exit_code : kFoundWrong;
}

}  // namespace

void add_classify(CLI::App& app, int& exit_code) {
    auto* command = app.add_subcommand(
        "classify",
        "Say what is heard in texts: JSON lines {\"id\",\"text\"} in, one line each out, in order");
    const auto flows = std::make_shared<std::string>();
    command->add_option("--flows", *flows, "Directory of the flows and lexicon")->type_name("DIR");
    const auto why = std::make_shared<bool>(false);
    command->add_flag("--why", *why, "Also say which rules of the lexicon spoke");
    command->callback([flows, why, &exit_code] { exit_code = run_classify(*flows, *why); });
}

}  // namespace webhooks::cli
