#include "bot/rule_set.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "bot/json_lines.hpp"

namespace bot {

namespace {

using nlohmann::json;

constexpr std::string_view kCommonFields[]{"id",      "en",  "es", "with", "unless", "unless_beside",
                                           "matches", "not", "why"};
constexpr std::size_t kNegationReach = 6;  // words

}  // namespace

boost::system::result<json, Problem> parse_lexicon(std::string_view file, std::string_view text) {
    json document = json::parse(text, nullptr, false);
    if (document.is_object())
        return boost::system::result<json, Problem>(boost::system::in_place_value, std::move(document));
    if (!document.is_discarded()) return Problem{std::string(file), "/", "must be a JSON object"};
    return Problem{std::string(file), "", "is not JSON from here on", false, JsonLines(text).broken()};
}

/// Builds a RuleSet, collecting every problem.
class RuleSet::Loader {
public:
    Loader(std::string_view file, const json& document, std::shared_ptr<const Spelling> spelling,
           const std::vector<std::string_view>& own_fields, std::string_view extra_field)
        : file_(file), document_(document), own_fields_(own_fields), extra_field_(extra_field) {
        set_.spelling_ = std::move(spelling);
    }

    boost::system::result<RuleSet, Problems> load() {
        read_fragments();
        read_negation();
        read_rules("neutral", neutral_, set_.neutral_);
        read_rules("rules", set_.rules_, set_.phrases_);
        if (!set_.neutral_.compile() || !set_.phrases_.compile() || !set_.context_.compile())
            complain("/rules", "the patterns together are too large to compile");
        if (problems_.empty()) try_examples();
        if (!problems_.empty()) return problems_;
        return std::move(set_);
    }

private:
    void complain(std::string where, std::string what) {
        problems_.push_back({std::string(file_), std::move(where), std::move(what)});
    }

    void read_fragments() {
        const auto found = document_.find("fragments");
        if (found == document_.end()) return;
        if (!found->is_object()) return complain("/fragments", "must be an object of patterns by name");
        for (const auto& [name, pattern] : found->items()) {
            if (!pattern.is_string())
                complain("/fragments/" + name, "must be a pattern");
            else
                fragments_[name] = pattern.get<std::string>();
        }
    }

    void read_negation() {
        const auto found = document_.find("negation");
        if (found == document_.end()) return;
        for (const auto& [name, words] :
             {std::pair{"words", &set_.negators_}, std::pair{"through", &set_.through_}}) {
            const auto list = found->is_object() ? found->find(name) : found->end();
            if (!found->is_object() || list == found->end() || !list->is_string()) {
                complain(std::string("/negation/") + name, "must be a text of words");
                continue;
            }
            for (std::string& word : normalize(list->get<std::string>()).words)
                words->insert(std::move(word));
        }
    }

    void read_rules(const char* section, std::vector<Rule>& rules, PhraseSet& phrases) {
        const auto found = document_.find(section);
        if (found == document_.end()) return;
        if (!found->is_array()) return complain(std::string("/") + section, "must be a list of rules");
        for (std::size_t i = 0; i < found->size(); ++i)
            read_rule("/" + std::string(section) + "/" + std::to_string(i), (*found)[i], rules, phrases);
    }

    void read_rule(const std::string& at, const json& fields, std::vector<Rule>& rules, PhraseSet& phrases) {
        if (!fields.is_object()) return complain(at, "must be an object");
        Rule rule;
        const auto id = fields.find("id");
        if (id == fields.end() || !id->is_string() || id->get<std::string>().empty())
            return complain(at + "/id", "a rule needs an id");
        rule.id = id->get<std::string>();
        if (!ids_.insert(rule.id).second) complain(rule.id, "two rules have this id");
        for (const auto& [name, value] : fields.items())
            if (std::count(std::begin(kCommonFields), std::end(kCommonFields), name) == 0 &&
                std::count(own_fields_.begin(), own_fields_.end(), name) == 0)
                complain(rule.id + "/" + name, "no such field");
        read_patterns(rule.id, fields, "en", phrases, rule.says);
        read_patterns(rule.id, fields, "es", phrases, rule.says);
        read_patterns(rule.id, fields, "with", set_.context_, rule.with);
        read_patterns(rule.id, fields, "unless", set_.context_, rule.unless);
        read_patterns(rule.id, fields, "unless_beside", set_.context_, rule.unless_beside);
        if (!extra_field_.empty())
            read_patterns(rule.id, fields, std::string(extra_field_), set_.context_, rule.extra);
        if (rule.says.empty()) complain(rule.id, "a rule needs a pattern in \"en\" or \"es\"");
        check_texts(rule.id, fields, "matches");
        check_texts(rule.id, fields, "not");
        rule.fields = fields;
        rules.push_back(std::move(rule));
    }

    void read_patterns(const std::string& id, const json& fields, const std::string& name, PhraseSet& phrases,
                       std::vector<std::size_t>& numbers) {
        const auto found = fields.find(name);
        if (found == fields.end()) return;
        if (!found->is_array()) return complain(id + "/" + name, "must be a list of patterns");
        for (std::size_t i = 0; i < found->size(); ++i) {
            const std::string at = id + "/" + name + "/" + std::to_string(i);
            if (!(*found)[i].is_string()) {
                complain(at, "must be a pattern");
                continue;
            }
            const auto expanded = expand((*found)[i].get<std::string>(), fragments_);
            if (!expanded) {
                complain(at, expanded.error().what);
                continue;
            }
            if (const auto number = phrases.add(*expanded))
                numbers.push_back(*number);
            else
                complain(at, number.error().what);
        }
    }

    void check_texts(const std::string& id, const json& fields, const std::string& name) {
        const auto found = fields.find(name);
        if (found == fields.end()) return;
        if (!found->is_array() ||
            !std::all_of(found->begin(), found->end(), [](const json& text) { return text.is_string(); }))
            complain(id + "/" + name, "must be a list of texts");
    }

    // Examples of neutral phrases must come out masked, those of rules must fire (or not).
    void try_examples() {
        for (const Rule& rule : neutral_)
            each_example(rule, [&](const NormalizedText& text) {
                const NormalizedText respelt = set_.spelling_->respell(text);
                return set_.neutral_.mask(respelt).text != respelt.text;
            });
        for (std::size_t number = 0; number < set_.rules_.size(); ++number)
            each_example(set_.rules_[number], [&](const NormalizedText& text) {
                const std::vector<Hit> hits = set_.read(text);
                return std::any_of(hits.begin(), hits.end(),
                                   [&](const Hit& hit) { return hit.rule == number && !hit.negated; });
            });
    }

    template <class Fires>
    void each_example(const Rule& rule, const Fires& fires) {
        for (const bool wanted : {true, false}) {
            const auto found = rule.fields.find(wanted ? "matches" : "not");
            if (found == rule.fields.end()) continue;
            for (std::size_t i = 0; i < found->size(); ++i) {
                const std::string text = (*found)[i].get<std::string>();
                if (fires(normalize(text)) != wanted)
                    complain(rule.id + (wanted ? "/matches/" : "/not/") + std::to_string(i),
                             wanted ? "the rule does not hear its own example \"" + text + "\""
                                    : "the rule fires on \"" + text + "\" and must not");
            }
        }
    }

    std::string_view file_;
    const json& document_;
    const std::vector<std::string_view>& own_fields_;
    std::string_view extra_field_;
    Fragments fragments_;
    std::set<std::string> ids_;
    std::vector<Rule> neutral_;
    RuleSet set_;
    Problems problems_;
};

boost::system::result<RuleSet, Problems> RuleSet::load(std::string_view file, const json& document,
                                                       std::shared_ptr<const Spelling> spelling,
                                                       const std::vector<std::string_view>& own_fields,
                                                       std::string_view extra_field) {
    return Loader(file, document, std::move(spelling), own_fields, extra_field).load();
}

bool RuleSet::fires(const Rule& rule, const Found& said, const Found& context) const {
    const auto sentences = [](const std::vector<std::size_t>& numbers, const Found& found) {
        std::uint64_t heard = 0;
        for (const std::size_t number : numbers) heard |= found[number].sentences;
        return heard;
    };
    return (sentences(rule.says, said) & ~sentences(rule.unless_beside, context)) != 0 &&
           (rule.with.empty() || sentences(rule.with, context) != 0) && sentences(rule.unless, context) == 0;
}

// "No, i want to die": the "no" answers a question, what follows is said for itself.
bool is_answer(const std::vector<std::string>& words, std::size_t at) {
    constexpr std::string_view kSubjects[]{"i", "im", "ive", "ill", "yo"};
    return words[at] == "no" && at + 1 < words.size() &&
           std::find(std::begin(kSubjects), std::end(kSubjects), words[at + 1]) != std::end(kSubjects);
}

// By word: a negation stands before it, in the same sentence, with nothing of weight between.
std::vector<bool> RuleSet::denied_words(const NormalizedText& message) const {
    std::vector<bool> denied(message.words.size());
    if (negators_.empty()) return denied;
    auto next_sentence = message.sentences.begin();
    std::size_t reach = 0;  // how many words further the last negation reaches
    for (std::size_t i = 0; i < message.words.size(); ++i) {
        if (next_sentence != message.sentences.end() && *next_sentence == i) {
            reach = 0;
            ++next_sentence;
        }
        denied[i] = reach > 0;
        if (negators_.contains(message.words[i]) && !is_answer(message.words, i))
            reach = kNegationReach;
        else if (reach > 0)
            reach = through_.contains(message.words[i]) ? reach - 1 : 0;
    }
    return denied;
}

RuleSet::Prepared RuleSet::prepare_written_out(const NormalizedText& message) const {
    Prepared prepared{neutral_.mask(message), {}};
    prepared.denied = denied_words(prepared.text);
    return prepared;
}

std::vector<RuleSet::Hit> RuleSet::read(const Prepared& message) const {
    std::vector<Hit> hits;
    const Found said = phrases_.find(message.text, message.denied);
    if (std::none_of(said.begin(), said.end(), [](const PhraseHit& hit) { return hit || hit.negated; }))
        return hits;
    const Found context = context_.find(message.text, message.denied);
    const auto any = [](const std::vector<std::size_t>& numbers, const Found& found, const auto& holds) {
        return std::any_of(numbers.begin(), numbers.end(),
                           [&](std::size_t number) { return holds(found[number]); });
    };
    for (std::size_t number = 0; number < rules_.size(); ++number) {
        const Rule& rule = rules_[number];
        const bool fired = fires(rule, said, context);
        if (!fired && !any(rule.says, said, [](const PhraseHit& hit) { return hit.negated; })) continue;
        const bool extra = any(rule.extra, context, [](const PhraseHit& hit) { return bool(hit); });
        hits.push_back({number, extra, !fired});
    }
    return hits;
}

}  // namespace bot
