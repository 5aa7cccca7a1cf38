#include "bot/risk.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

#include "bot/risk_model.hpp"
#include "bot/rule_set.hpp"

namespace bot {

namespace {

constexpr std::array<std::string_view, 5> kClassNames{"self_harm", "overdose", "violence", "harm_others",
                                                      "child"};
constexpr std::array<std::string_view, 3> kTierNames{"clear", "implied", "unclear"};
// Rules that say something about the message instead of naming a danger.
constexpr std::array<std::string_view, 4> kRemarks{"third_party", "minor", "denial", "sign"};

template <class Enum, std::size_t n>
std::optional<Enum> parse_name(const std::array<std::string_view, n>& names, std::string_view word) noexcept {
    const auto found = std::find(names.begin(), names.end(), word);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

// What a rule of risk.json says beyond its patterns.
struct Meaning {
    std::string remark;   // one of kRemarks, or empty
    RiskFinding finding;  // when it is not
};

std::string text_field(const RuleSet::Rule& rule, const char* name) {
    const auto found = rule.fields.find(name);
    return found != rule.fields.end() && found->is_string() ? found->get<std::string>() : "";
}

Meaning read_meaning(const RuleSet::Rule& rule, std::string_view file, Problems& problems) {
    const auto complain = [&](const char* field, const char* what) {
        problems.push_back({std::string(file), rule.id + "/" + field, what});
    };
    const std::string name = text_field(rule, "class");
    if (std::count(kRemarks.begin(), kRemarks.end(), name) != 0) return {name, {}};

    Meaning meaning;
    const auto risk = parse_risk_class(name);
    const auto tier = parse_risk_tier(text_field(rule, "tier"));
    if (!risk)
        complain(
            "class",
            "must be self_harm, overdose, violence, harm_others, child, third_party, minor, denial or sign");
    if (!tier) complain("tier", "must be clear, implied or unclear");
    meaning.finding.heard = text_field(rule, "heard");
    if (meaning.finding.heard.empty()) complain("heard", "staff need a few words on what was heard");
    const auto imminent = rule.fields.find("imminent");
    if (imminent != rule.fields.end() && !imminent->is_boolean())
        complain("imminent", "must be true or false");
    else
        meaning.finding.imminent = imminent != rule.fields.end() && imminent->get<bool>();
    meaning.finding.risk = risk.value_or(RiskClass::self_harm);
    meaning.finding.tier = tier.value_or(RiskTier::clear);
    meaning.finding.rule = rule.id;
    return meaning;
}

// Of two dangers heard equally, the one whose flow does most: who may hurt others goes before who was hurt.
constexpr std::array kGravest{RiskClass::self_harm, RiskClass::overdose, RiskClass::harm_others,
                              RiskClass::child, RiskClass::violence};

// Gravest first; guesses after what was said.
auto gravity(const RiskFinding& finding) {
    return std::make_tuple(finding.tier == RiskTier::unclear, finding.guessed, !finding.imminent,
                           finding.tier, std::find(kGravest.begin(), kGravest.end(), finding.risk));
}

void add(std::vector<RiskFinding>& findings, RiskFinding heard) {
    const auto same = std::find_if(findings.begin(), findings.end(),
                                   [&](const RiskFinding& other) { return other.risk == heard.risk; });
    if (same == findings.end())
        findings.push_back(std::move(heard));
    else if (gravity(heard) < gravity(*same))
        *same = std::move(heard);
}

// A rule says better what was heard, and how soon somebody is needed.
void add_guessed(std::vector<RiskFinding>& findings, RiskFinding guessed) {
    const bool said = std::any_of(findings.begin(), findings.end(), [&](const RiskFinding& other) {
        return other.risk == guessed.risk && other.tier != RiskTier::unclear;
    });
    if (!said) add(findings, std::move(guessed));
}

struct OwnWeapon {
    std::string heard;
    std::set<std::string, std::less<>> weapons, somebody_there;
};

std::set<std::string, std::less<>> words_of(std::string_view text) {
    const NormalizedText words = normalize(text);
    return {words.words.begin(), words.words.end()};
}

OwnWeapon read_own_weapon(const nlohmann::json& document, std::string_view file, Problems& problems) {
    OwnWeapon read;
    const auto own = document.find("own_weapon");
    if (own == document.end()) return read;
    const auto field = [&](const char* name) -> std::string {
        const bool there = own->is_object() && own->contains(name) && (*own)[name].is_string();
        std::string text = there ? (*own)[name].get<std::string>() : "";
        if (text.empty())
            problems.push_back(
                {std::string(file), std::string("own_weapon/") + name, "must be words, blanks between"});
        return text;
    };
    read.heard = field("heard");
    read.weapons = words_of(field("weapons"));
    read.somebody_there = words_of(field("somebody_there"));
    return read;
}

bool holds_one_of(const NormalizedText& message, const std::set<std::string, std::less<>>& words) {
    return std::any_of(message.words.begin(), message.words.end(),
                       [&](const auto& word) { return words.contains(word); });
}

}  // namespace

struct RiskDetector::Rules {
    RuleSet set;
    std::vector<Meaning> meanings;  // by rule
    RiskModel model;
    OwnWeapon own_weapon;
};

std::string_view to_string(RiskClass risk) noexcept { return kClassNames[static_cast<std::size_t>(risk)]; }
std::string_view to_string(RiskTier tier) noexcept { return kTierNames[static_cast<std::size_t>(tier)]; }
std::optional<RiskClass> parse_risk_class(std::string_view word) noexcept {
    return parse_name<RiskClass>(kClassNames, word);
}
std::optional<RiskTier> parse_risk_tier(std::string_view word) noexcept {
    return parse_name<RiskTier>(kTierNames, word);
}

bool RiskReading::danger() const noexcept {
    return std::any_of(findings.begin(), findings.end(),
                       [](const RiskFinding& finding) { return finding.tier != RiskTier::unclear; });
}

bool RiskReading::imminent() const noexcept {
    return std::any_of(findings.begin(), findings.end(),
                       [](const RiskFinding& finding) { return finding.imminent; });
}

boost::system::result<RiskDetector, Problems> RiskDetector::load(std::string_view file_name,
                                                                 std::string_view lexicon_json,
                                                                 std::shared_ptr<const Spelling> spelling,
                                                                 std::shared_ptr<const WordModel> model) {
    const auto document = parse_lexicon(file_name, lexicon_json);
    if (!document) return Problems{document.error()};
    auto set = RuleSet::load(file_name, *document, std::move(spelling),
                             {"class", "tier", "imminent", "imminent_with", "heard"}, "imminent_with");
    if (!set) return set.error();

    auto rules = std::make_unique<Rules>();
    Problems problems;
    rules->set = std::move(*set);
    for (std::size_t number = 0; number < rules->set.size(); ++number)
        rules->meanings.push_back(read_meaning(rules->set.rule(number), file_name, problems));
    rules->model = RiskModel::read(file_name, *document, std::move(model), problems);
    rules->own_weapon = read_own_weapon(*document, file_name, problems);
    if (!problems.empty()) return problems;
    return RiskDetector(std::move(rules));
}

RiskReading RiskDetector::read(const NormalizedText& message) const {
    const RuleSet::Prepared prepared = prepare(message);
    return read_prepared(prepared, rules_->model.score(prepared));
}

RiskReading RiskDetector::read_prepared(const RuleSet::Prepared& prepared,
                                        const std::vector<float>& scores) const {
    RiskReading reading;
    for (const RuleSet::Hit& hit : rules_->set.read(prepared)) {
        const Meaning& meaning = rules_->meanings[hit.rule];
        if (hit.negated) {
            reading.person_told_no = reading.person_told_no ||
                                     (meaning.remark.empty() && meaning.finding.risk == RiskClass::self_harm);
            continue;
        }
        reading.third_party = reading.third_party || meaning.remark == "third_party";
        reading.minor = reading.minor || meaning.remark == "minor";
        reading.low_sign = reading.low_sign || meaning.remark == "sign";
        reading.person_told_no = reading.person_told_no || meaning.remark == "denial";
        if (!meaning.remark.empty()) continue;
        RiskFinding finding = meaning.finding;
        finding.imminent = finding.imminent || hit.extra;
        add(reading.findings, std::move(finding));
    }
    const bool sure = reading.danger();
    RiskModel::Heard heard = rules_->model.read(prepared.text.words.size(), scores, reading.person_told_no);
    reading.low_sign = reading.low_sign || heard.low_sign;
    for (RiskFinding& finding : heard.findings)
        if (!sure || finding.tier != RiskTier::unclear) add_guessed(reading.findings, std::move(finding));
    std::stable_sort(reading.findings.begin(), reading.findings.end(),
                     [](const RiskFinding& a, const RiskFinding& b) { return gravity(a) < gravity(b); });
    return reading;
}

std::string_view RiskDetector::own_weapon(const NormalizedText& message) const {
    const OwnWeapon& own = rules_->own_weapon;
    const bool alone = holds_one_of(message, own.weapons) && !holds_one_of(message, own.somebody_there);
    return alone ? std::string_view(own.heard) : std::string_view{};
}

RuleSet::Prepared RiskDetector::prepare(const NormalizedText& message) const {
    return rules_->set.prepare(message);
}

RuleSet::Prepared RiskDetector::prepare_written_out(const NormalizedText& message) const {
    return rules_->set.prepare_written_out(message);
}

RiskDetector::RiskDetector(std::unique_ptr<const Rules> rules) : rules_(std::move(rules)) {}
RiskDetector::RiskDetector(RiskDetector&&) noexcept = default;
RiskDetector& RiskDetector::operator=(RiskDetector&&) noexcept = default;
RiskDetector::~RiskDetector() = default;

}  // namespace bot
