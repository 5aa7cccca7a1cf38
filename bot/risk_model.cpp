#include "bot/risk_model.hpp"

#include <utility>

namespace bot {

/// Reads the "model" part, collecting every problem.
class RiskModel::Reader {
public:
    Reader(std::string_view file, std::shared_ptr<const WordModel> model, Problems& problems)
        : file_(file), problems_(problems) {
        result_.model_ = std::move(model);
    }

    RiskModel read(const nlohmann::json& part) {
        if (!part.is_object()) {
            complain("/model", "must be an object");
        } else if (!result_.model_) {
            complain("/model", "needs lexicon/model.json and lexicon/concepts.json");
        } else {
            for (const auto& [name, policy] : part.items()) read_entry(name, policy);
        }
        return std::move(result_);
    }

private:
    void complain(std::string where, std::string what) {
        problems_.push_back({std::string(file_), std::move(where), std::move(what)});
    }

    void read_entry(const std::string& name, const nlohmann::json& entry) {
        const std::string at = "/model/" + name;
        const auto output = result_.model_->output(name);
        if (name == "each_word" || name == "denied") {
            if (!entry.is_number()) return complain(at, "must be a number");
            (name == "denied" ? result_.denied_ : result_.each_word_) = entry.get<float>();
            return;
        }
        if (!output) return complain(at, "the model has no such output");
        if (name == "imminent" || name == "danger") {
            if (!entry.is_number()) return complain(at, "must be a number");
            (name == "danger" ? result_.danger_output_ : result_.imminent_output_) = *output;
            (name == "danger" ? result_.danger_ : result_.imminent_) = entry.get<float>();
            return;
        }
        const auto risk = parse_risk_class(name);
        if (!risk) return complain(at, "must be a class of danger, danger or imminent");
        const auto number = [&](const char* field) {
            const auto found = entry.is_object() ? entry.find(field) : entry.end();
            if (entry.is_object() && found != entry.end() && found->is_number()) return found->get<float>();
            complain(at + "/" + field, "must be a score");
            return 0.0F;
        };
        Policy policy{
            *risk, *output, number("implied"), number("unclear"), number("sign"), entry.value("heard", "")};
        if (policy.heard.empty()) complain(at + "/heard", "staff need a few words on what was heard");
        if (policy.unclear > policy.implied) complain(at + "/unclear", "must not be above \"implied\"");
        if (policy.sign > policy.unclear) complain(at + "/sign", "must not be above \"unclear\"");
        result_.policies_.push_back(std::move(policy));
    }

    std::string_view file_;
    Problems& problems_;
    RiskModel result_;
};

RiskModel RiskModel::read(std::string_view file, const nlohmann::json& document,
                          std::shared_ptr<const WordModel> model, Problems& problems) {
    const auto part = document.find("model");
    if (part == document.end()) return {};
    return Reader(file, std::move(model), problems).read(*part);
}

std::vector<float> RiskModel::score(const RuleSet::Prepared& message) const {
    return policies_.empty() ? std::vector<float>{} : model_->score(message.text, message.denied);
}

RiskModel::Heard RiskModel::read(std::size_t words, const std::vector<float>& scores, bool denied) const {
    Heard heard;
    // A few words are an answer to something: too little for statistics, and the rules know those that
    // matter.
    constexpr std::size_t kFewestWords = 4;
    if (policies_.empty() || scores.empty() || words < kFewestWords) return heard;
    const bool imminent = scores[imminent_output_] >= imminent_;
    const float any = danger_ * scores[danger_output_] - each_word_ * static_cast<float>(words);
    for (const Policy& policy : policies_) {
        const bool lowered = denied && policy.risk == RiskClass::self_harm;
        const float score = scores[policy.output] + any - (lowered ? denied_ : 0);
        heard.low_sign = heard.low_sign || score >= policy.sign;
        if (score < policy.unclear) continue;
        const RiskTier tier = score >= policy.implied ? RiskTier::implied : RiskTier::unclear;
        heard.findings.push_back({policy.risk, tier, imminent && tier == RiskTier::implied, true,
                                  "model." + std::string(to_string(policy.risk)), policy.heard});
    }
    return heard;
}

}  // namespace bot
