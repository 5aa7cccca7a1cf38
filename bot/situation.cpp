#include "bot/situation.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "bot/rule_set.hpp"

namespace bot {

namespace {

constexpr std::array<std::string_view, 9> kNames{
    "other", "greeting", "slip", "relapse", "craving", "warning_signs", "treatment", "supporter", "human"};
// When several fit, the first of these decides (the corpus' own order).
constexpr std::array kOrder{Situation::supporter,     Situation::human,   Situation::treatment,
                            Situation::relapse,       Situation::slip,    Situation::craving,
                            Situation::warning_signs, Situation::greeting};

using Words = std::unordered_set<std::string>;

// What a rule of situation.json says beyond its patterns: one of the two.
struct Meaning {
    Situation situation = Situation::other;
    std::string intent;
};

std::string text_field(const RuleSet::Rule& rule, const char* name) {
    const auto found = rule.fields.find(name);
    return found != rule.fields.end() && found->is_string() ? found->get<std::string>() : "";
}

Meaning read_meaning(const RuleSet::Rule& rule, std::string_view file, Problems& problems) {
    Meaning meaning{Situation::other, text_field(rule, "intent")};
    const std::string name = text_field(rule, "situation");
    const auto found = std::find(kNames.begin() + 1, kNames.end(), name);
    if (found != kNames.end()) meaning.situation = static_cast<Situation>(found - kNames.begin());
    if (meaning.intent.empty() == (found == kNames.end()))
        problems.push_back({std::string(file), rule.id, "must have a known \"situation\" or an \"intent\""});
    return meaning;
}

Words read_words(const nlohmann::json& document, const char* language, std::string_view file,
                 Problems& problems) {
    Words words;
    const auto lists = document.find("languages");
    const auto list = lists != document.end() && lists->is_object() ? lists->find(language) : document.end();
    if (lists == document.end() || !lists->is_object() || list == lists->end() || !list->is_string()) {
        problems.push_back({std::string(file), std::string("/languages/") + language,
                            "must be a text of words that only this language has"});
        return words;
    }
    for (std::string& word : normalize(list->get<std::string>()).words) words.insert(std::move(word));
    return words;
}

std::size_t count(const std::vector<std::string>& words, const Words& known) {
    return static_cast<std::size_t>(
        std::count_if(words.begin(), words.end(), [&](const std::string& w) { return known.contains(w); }));
}

}  // namespace

struct SituationDetector::Rules {
    RuleSet set;
    std::vector<Meaning> meanings;  // by rule
    Words english, spanish;
};

std::string_view to_string(Situation situation) noexcept {
    return kNames[static_cast<std::size_t>(situation)];
}

boost::system::result<SituationDetector, Problems> SituationDetector::load(
    std::string_view file_name, std::string_view lexicon_json, std::shared_ptr<const Spelling> spelling) {
    const auto document = parse_lexicon(file_name, lexicon_json);
    if (!document) return Problems{document.error()};
    auto set = RuleSet::load(file_name, *document, std::move(spelling), {"situation", "intent"});
    if (!set) return set.error();

    auto rules = std::make_unique<Rules>();
    Problems problems;
    rules->set = std::move(*set);
    for (std::size_t number = 0; number < rules->set.size(); ++number)
        rules->meanings.push_back(read_meaning(rules->set.rule(number), file_name, problems));
    rules->english = read_words(*document, "en", file_name, problems);
    rules->spanish = read_words(*document, "es", file_name, problems);
    if (!problems.empty()) return problems;
    return SituationDetector(std::move(rules));
}

SituationDetector::Reading SituationDetector::read(const NormalizedText& message) const {
    return read_prepared(rules_->set.prepare(message));
}

SituationDetector::Reading SituationDetector::read_written_out(const NormalizedText& message) const {
    return read_prepared(rules_->set.prepare_written_out(message));
}

SituationDetector::Reading SituationDetector::read_prepared(const RuleSet::Prepared& message) const {
    Reading reading;
    std::size_t decided = kOrder.size();
    for (const RuleSet::Hit& hit : rules_->set.read(message)) {
        if (hit.negated) continue;
        const Meaning& meaning = rules_->meanings[hit.rule];
        if (!meaning.intent.empty()) {
            if (std::count(reading.intents.begin(), reading.intents.end(), meaning.intent) == 0)
                reading.intents.push_back(meaning.intent);
            continue;
        }
        const auto place = static_cast<std::size_t>(
            std::find(kOrder.begin(), kOrder.end(), meaning.situation) - kOrder.begin());
        if (place >= decided) continue;
        decided = place;
        reading.situation = meaning.situation;
        reading.rule = rules_->set.rule(hit.rule).id;
    }
    return reading;
}

std::optional<Language> SituationDetector::language(const NormalizedText& message) const {
    const std::size_t english = count(message.words, rules_->english);
    const std::size_t spanish = count(message.words, rules_->spanish);
    if (english == 0 && spanish == 0) return std::nullopt;
    // Mixed speech comes mostly from Spanish speakers.
    return spanish >= english ? Language::es : Language::en;
}

SituationDetector::SituationDetector(std::unique_ptr<const Rules> rules) : rules_(std::move(rules)) {}
SituationDetector::SituationDetector(SituationDetector&&) noexcept = default;
SituationDetector& SituationDetector::operator=(SituationDetector&&) noexcept = default;
SituationDetector::~SituationDetector() = default;

}  // namespace bot
