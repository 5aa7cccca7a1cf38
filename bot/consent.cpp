#include "bot/consent.hpp"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "bot/rule_set.hpp"

namespace bot {

namespace {

constexpr std::array<std::string_view, 6> kConsentNames{"none",      "pending",  "conversation",
                                                        "recurring", "declined", "opted_out"};
// Gravest first: an opt-out always wins, and what may be one is asked about before anything else is read.
constexpr std::array kGravest{ConsentSignal::none, ConsentSignal::help, ConsentSignal::opt_in,
                              ConsentSignal::unclear, ConsentSignal::opt_out};

std::size_t gravity(ConsentSignal signal) {
    std::size_t rank = 0;
    while (kGravest[rank] != signal) ++rank;
    return rank;
}

std::optional<ConsentSignal> parse_signal(std::string_view word) {
    for (const ConsentSignal signal : kGravest)
        if (signal != ConsentSignal::none && word == to_string(signal)) return signal;
    return std::nullopt;
}

// What a rule of consent.json says beyond its patterns. No signal: a bare YES.
struct Meaning {
    std::optional<ConsentSignal> signal;
    bool keyword = false;
};

std::optional<Meaning> read_meaning(const RuleSet::Rule& rule, std::string_view file, Problems& problems) {
    Meaning meaning;
    const auto signal = rule.fields.find("signal");
    const std::string word =
        signal != rule.fields.end() && signal->is_string() ? signal->get<std::string>() : "";
    meaning.signal = parse_signal(word);
    if (!meaning.signal && word != "yes") {
        problems.push_back(
            {std::string(file), rule.id + "/signal", "must be opt_out, opt_in, help, unclear or yes"});
        return std::nullopt;
    }
    const auto keyword = rule.fields.find("keyword");
    if (keyword != rule.fields.end() && !keyword->is_boolean()) {
        problems.push_back({std::string(file), rule.id + "/keyword", "must be true or false"});
        return std::nullopt;
    }
    meaning.keyword = keyword != rule.fields.end() && keyword->get<bool>();
    return meaning;
}

void read_words(const nlohmann::json& document, const char* name, std::string_view file,
                std::set<std::string, std::less<>>& words, Problems& problems) {
    const auto found = document.find(name);
    if (found == document.end() || !found->is_array() || found->empty()) {
        problems.push_back({std::string(file), std::string("/") + name, "must be a list of words"});
        return;
    }
    for (const auto& word : *found) {
        const std::string text = word.is_string() ? word.get<std::string>() : "";
        if (text.empty() || normalize(text).text != text)
            problems.push_back({std::string(file), std::string("/") + name,
                                "must hold words as they are after normalising: lower case, no accents"});
        else
            words.insert(text);
    }
}

using Scores = std::map<std::string, float, std::less<>>;

// "model" of the file; every signal must be there.
Scores read_scores(const nlohmann::json& part, std::string_view file, Problems& problems) {
    Scores scores;
    for (const char* name : {"opt_out", "opt_in", "help", "unclear"}) {
        const auto found = part.is_object() ? part.find(name) : part.end();
        if (part.is_object() && found != part.end() && found->is_number())
            scores[name] = found->get<float>();
        else
            problems.push_back({std::string(file), std::string("/model/") + name, "must be a score"});
    }
    return scores;
}

// From this score of this output of the model on, this is what was said.
struct Policy {
    ConsentSignal signal = ConsentSignal::none;
    std::size_t output = 0;
    float score = 0;
};

std::vector<Policy> policies_of(const Scores& scores, const WordModel* model, std::string_view file,
                                Problems& problems) {
    std::vector<Policy> policies;
    if (model == nullptr)
        problems.push_back(
            {std::string(file), "/model", "needs lexicon/model.json and lexicon/concepts.json"});
    for (const ConsentSignal signal :
         {ConsentSignal::opt_out, ConsentSignal::opt_in, ConsentSignal::help, ConsentSignal::unclear}) {
        const auto score = scores.find(to_string(signal));
        if (model == nullptr || score == scores.end()) continue;
        const auto output =
            model->output(to_string(signal == ConsentSignal::unclear ? ConsentSignal::opt_out : signal));
        if (output)
            policies.push_back({signal, *output, score->second});
        else
            problems.push_back({std::string(file), "/model/" + score->first, "the model has no such output"});
    }
    return policies;
}

}  // namespace

struct ConsentDetector::Rules {
    RuleSet set;
    std::vector<Meaning> meanings;  // by rule
    std::vector<Policy> policies;   // the first that holds decides
    std::set<std::string, std::less<>> reserved;
};

std::string_view to_string(Consent consent) noexcept {
    return kConsentNames[static_cast<std::size_t>(consent)];
}

bool parse_consent(std::string_view word, Consent& out) noexcept {
    for (std::size_t i = 0; i < kConsentNames.size(); ++i)
        if (word == kConsentNames[i]) {
            out = static_cast<Consent>(i);
            return true;
        }
    return false;
}

std::string_view to_string(ConsentSignal signal) noexcept {
    switch (signal) {
        case ConsentSignal::opt_out:
            return "opt_out";
        case ConsentSignal::opt_in:
            return "opt_in";
        case ConsentSignal::help:
            return "help";
        case ConsentSignal::unclear:
            return "unclear";
        case ConsentSignal::none:
            break;
    }
    return "none";
}

boost::system::result<ConsentDetector, Problems> ConsentDetector::load(
    std::string_view file_name, std::string_view lexicon_json, std::shared_ptr<const Spelling> spelling,
    std::shared_ptr<const WordModel> model) {
    const auto document = parse_lexicon(file_name, lexicon_json);
    if (!document) return Problems{document.error()};
    auto set = RuleSet::load(file_name, *document, std::move(spelling), {"signal", "keyword"});
    if (!set) return set.error();

    auto rules = std::make_unique<Rules>();
    Problems problems;
    rules->set = std::move(*set);
    for (std::size_t number = 0; number < rules->set.size(); ++number)
        rules->meanings.push_back(
            read_meaning(rules->set.rule(number), file_name, problems).value_or(Meaning{}));
    read_words(*document, "reserved", file_name, rules->reserved, problems);
    if (const auto part = document->find("model"); part != document->end())
        rules->policies =
            policies_of(read_scores(*part, file_name, problems), model.get(), file_name, problems);
    if (!problems.empty()) return problems;
    return ConsentDetector(std::move(rules));
}

ConsentReading ConsentDetector::read(const NormalizedText& message) const {
    return read_prepared(rules_->set.prepare(message));
}

ConsentReading ConsentDetector::read_written_out(const NormalizedText& message,
                                                 const std::vector<float>& scores) const {
    ConsentReading reading = read_prepared(rules_->set.prepare_written_out(message));
    // One or two words are a keyword or an answer: too little for statistics.
    constexpr std::size_t kFewestWords = 3;
    if (reading.signal != ConsentSignal::none || reading.answers_yes || message.words.size() < kFewestWords ||
        scores.empty())
        return reading;
    for (const Policy& policy : rules_->policies) {
        if (scores[policy.output] < policy.score) continue;
        reading.signal = policy.signal;
        reading.rule = "model." + std::string(to_string(policy.signal));
        break;
    }
    return reading;
}

ConsentReading ConsentDetector::read_prepared(const RuleSet::Prepared& message) const {
    ConsentReading reading;
    for (const RuleSet::Hit& hit : rules_->set.read(message)) {
        if (hit.negated) continue;
        const Meaning& meaning = rules_->meanings[hit.rule];
        if (!meaning.signal) {
            reading.answers_yes = true;
            continue;
        }
        const std::size_t now = gravity(*meaning.signal);
        const std::size_t before = gravity(reading.signal);
        if (now < before || (now == before && !(meaning.keyword && !reading.bare))) continue;
        reading.signal = *meaning.signal;
        reading.bare = meaning.keyword;
        reading.rule = rules_->set.rule(hit.rule).id;
    }
    return reading;
}

bool ConsentDetector::is_reserved(std::string_view word) const { return rules_->reserved.contains(word); }

ConsentDetector::ConsentDetector(std::unique_ptr<const Rules> rules) : rules_(std::move(rules)) {}
ConsentDetector::ConsentDetector(ConsentDetector&&) noexcept = default;
ConsentDetector& ConsentDetector::operator=(ConsentDetector&&) noexcept = default;
ConsentDetector::~ConsentDetector() = default;

}  // namespace bot
