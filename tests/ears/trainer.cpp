#include "tests/ears/trainer.hpp"

#include <linear.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace ears {

namespace {

using nlohmann::ordered_json;
using Vectors = std::vector<std::vector<std::uint32_t>>;

// How strongly weights are held back (liblinear's C); chosen by cross-validation, see
// flows/lexicon/README.md.
constexpr double kTrust = 20;
// One unit of a stored weight. Weights of less than one are left out: they are most of the file and decide
// nothing.
constexpr double kUnit = 0.1;

[[noreturn]] void give_up(const std::string& why) {
    std::cerr << "ears: " << why << '\n';
    std::exit(2);
}

[[noreturn]] void give_up(const bot::Problems& problems) {
    for (const bot::Problem& problem : problems) std::cerr << to_string(problem) << '\n';
    give_up("the lexicon cannot be loaded");
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) give_up(path + " cannot be read");
    return text;
}

template <class Part, class... More>
Part load(const std::string& file, const std::string& text, More&&... more) {
    auto part = Part::load(file, text, std::forward<More>(more)...);
    if (!part) give_up(part.error());
    return std::move(*part);
}

struct Output {
    const char* name;
    std::function<bool(const Example&)> is;
};

const std::vector<Output>& outputs() {
    static const std::vector<Output> all = [] {
        std::vector<Output> made;
        for (const char* risk : {"self_harm", "overdose", "violence"})
            made.push_back({risk, [risk](const Example& e) { return e.has(risk); }});
        made.push_back({"danger", [](const Example& e) { return !e.risk.empty(); }});
        made.push_back({"imminent", [](const Example& e) { return e.imminent; }});
        for (const char* signal : {"opt_out", "opt_in", "help"})
            made.push_back({signal, [signal](const Example& e) { return e.consent == signal; }});
        return made;
    }();
    return all;
}

// The examples as liblinear wants them; each feature of a long text counts less.
class Rows {
public:
    explicit Rows(const Vectors& vectors) {
        nodes_.reserve(vectors.size());
        for (const auto& features : vectors) {
            const double each = 1 / std::sqrt(static_cast<double>(std::max<std::size_t>(1, features.size())));
            auto& row = nodes_.emplace_back();
            row.reserve(features.size() + 2);
            for (const std::uint32_t feature : features) row.push_back({static_cast<int>(feature) + 1, each});
            row.push_back({kBias, 1});
            row.push_back({-1, 0});
            rows_.push_back(row.data());
        }
    }

    // One output's weights by feature; the bias comes last. Any thread.
    [[nodiscard]] std::vector<double> fit(std::vector<double> labels) const {
        std::vector<feature_node*> rows = rows_;
        problem task{static_cast<int>(rows.size()), kBias, labels.data(), rows.data(), 1};
        parameter how{};
        how.solver_type = L2R_LR;
        how.eps = 0.001;
        how.C = kTrust;
        model* fitted = ::train(&task, &how);
        const double sign = fitted->label[0] > 0 ? 1 : -1;
        std::vector<double> weights(bot::WordFeatures::kCount + 1);
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = sign * fitted->w[i];
        free_and_destroy_model(&fitted);
        return weights;
    }

private:
    static constexpr int kBias = static_cast<int>(bot::WordFeatures::kCount) + 1;
    std::vector<std::vector<feature_node>> nodes_;
    std::vector<feature_node*> rows_;
};

std::string write(const std::vector<std::vector<double>>& weights) {
    ordered_json file;
    file["about"] =
        "Made by the target ears_model from tests/corpus; not to be edited. See bot/word_model.hpp.";
    for (const Output& output : outputs()) file["outputs"].push_back(output.name);
    for (const auto& of_output : weights) file["bias"].push_back(std::round(of_output.back() * 1000) / 1000);
    file["scale"] = kUnit;
    file["weights"] = ordered_json::array();
    for (std::uint32_t feature = 0; feature < bot::WordFeatures::kCount; ++feature) {
        std::string line;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const auto units = static_cast<int>(std::lround(weights[i][feature] / kUnit));
            if (units == 0) continue;
            line.push_back(' ');
            line.push_back(static_cast<char>('a' + i));
            line += std::to_string(units);
        }
        if (line.empty()) continue;
        char number[16];
        std::snprintf(number, sizeof number, "%x", feature);
        file["weights"].push_back(number + line);
    }
    return file.dump(0) + "\n";
}

}  // namespace

Trainer::Trainer(const std::string& flows) : concepts_(read_file(flows + "/lexicon/concepts.json")) {
    const auto spelling = std::make_shared<const bot::Spelling>(
        ears::load<bot::Spelling>("spelling.json", read_file(flows + "/lexicon/spelling.json")));
    auto lexicon = nlohmann::json::parse(read_file(flows + "/lexicon/risk.json"), nullptr, false);
    if (lexicon.is_object()) lexicon.erase("model");  // the model is what is being made
    risk_ = std::make_unique<bot::RiskDetector>(
        ears::load<bot::RiskDetector>("risk.json", lexicon.dump(), spelling));
    features_ =
        std::make_unique<bot::WordFeatures>(ears::load<bot::WordFeatures>("concepts.json", concepts_));
}

bot::RuleSet::Prepared Trainer::prepare(const std::string& text) const {
    return risk_->prepare(bot::normalize(text));
}

std::string Trainer::train(const std::vector<Example>& examples) const {
    Vectors vectors;
    for (const Example& example : examples) {
        const bot::RuleSet::Prepared prepared = prepare(example.text);
        vectors.push_back(features_->of(prepared.text, prepared.denied));
    }
    const Rows rows(vectors);
    set_print_string_function([](const char*) {});
    std::vector<std::future<std::vector<double>>> fitted;
    for (const Output& output : outputs()) {
        std::vector<double> labels;
        for (const Example& example : examples) labels.push_back(output.is(example) ? 1 : -1);
        fitted.push_back(std::async(std::launch::async, &Rows::fit, &rows, std::move(labels)));
    }
    std::vector<std::vector<double>> weights;
    for (auto& one : fitted) weights.push_back(one.get());
    return write(weights);
}

std::shared_ptr<const bot::WordModel> Trainer::load(const std::string& json) const {
    return std::make_shared<const bot::WordModel>(ears::load<bot::WordModel>("model.json", json, *features_));
}

}  // namespace ears
