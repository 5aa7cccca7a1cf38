// Measures the ears on the committed corpus.
//   ears_measure FLOWS CORPUS_DIR [--wrong]       tables; with --wrong every miss and false alarm
//   ears_measure FLOWS CORPUS_DIR --floor FILE    fails when a figure falls below its floor
// messages.jsonl and training.jsonl are heard by a model that never saw the fifth they are in
// (cross-validation by a hash of the text); voices.jsonl and fresh.jsonl are no part of training.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/ears/scores.hpp"
#include "tests/ears/trainer.hpp"

namespace {

using ears::Example;
using ears::Scores;

constexpr unsigned kParts = 5;

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bot::Ears load(const std::string& flows, const std::string& model) {
    std::vector<bot::ContentFile> files;
    for (const char* name : {"spelling", "concepts", "consent", "risk", "situation"}) {
        const std::string file = std::string("lexicon/") + name + ".json";
        files.push_back({file, read_file(flows + "/" + file)});
    }
    if (model.empty()) {  // rules alone
        auto risk = nlohmann::json::parse(files[3].text, nullptr, false);
        risk.erase("model");
        files[3].text = risk.dump();
    } else {
        files.push_back({"lexicon/model.json", model});
    }
    auto ears = bot::Ears::load(files);
    if (ears) return std::move(*ears);
    for (const bot::Problem& problem : ears.error()) std::cerr << to_string(problem) << '\n';
    std::exit(2);
}

Scores score(const bot::Ears& ears, const std::vector<Example>& examples) {
    Scores scores;
    for (const Example& example : examples) scores.add(example, ears::listen(ears, example.text));
    return scores;
}

std::vector<Example> only(const std::vector<Example>& all, const char* language) {
    std::vector<Example> some;
    for (const Example& example : all)
        if (example.language == language) some.push_back(example);
    return some;
}

struct Sets {
    std::vector<Example> messages, training, voices, fresh;
};

// Each fifth is heard by a model trained on the other four.
Scores cross_validated(const std::string& flows, const Sets& sets, const std::vector<Example>& tested) {
    const ears::Trainer trainer(flows);
    Scores scores;
    for (unsigned part = 0; part < kParts; ++part) {
        std::vector<Example> seen;
        for (const auto* set : {&sets.messages, &sets.training})
            for (const Example& example : *set)
                if (ears::part_of(example.text, kParts) != part) seen.push_back(example);
        const bot::Ears ears = load(flows, trainer.train(seen));
        for (const Example& example : tested)
            if (ears::part_of(example.text, kParts) == part)
                scores.add(example, ears::listen(ears, example.text));
    }
    return scores;
}

double microseconds_each(const bot::Ears& ears, const std::vector<Example>& examples) {
    const auto start = std::chrono::steady_clock::now();
    std::size_t heard = 0;
    for (const Example& example : examples) heard += ears::listen(ears, example.text).risk.size();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    return heard == 0 ? 0 : took.count() / static_cast<double>(examples.size());
}

double figure(const Scores& scores, const std::string& name) {
    if (name == "false_alarms")
        return static_cast<double>(scores.false_alarms) / static_cast<double>(scores.harmless);
    if (name == "hard_false_alarms")
        return static_cast<double>(scores.hard_false_alarms) / static_cast<double>(scores.hard);
    if (name == "situation")
        return static_cast<double>(scores.rightly_placed) / static_cast<double>(scores.placed);
    const auto found = scores.labels.find(name);
    if (found != scores.labels.end()) return found->second.recall();
    std::cerr << "no such figure: " << name << '\n';
    std::exit(2);
}

// Recall and the share of right situations may not fall below, false alarms not rise above.
int hold_to(const std::string& path, const std::map<std::string, Scores>& results) {
    const auto floors = nlohmann::json::parse(read_file(path), nullptr, false);
    if (!floors.is_object()) {
        std::cerr << path << " cannot be read\n";
        return 2;
    }
    int broken = 0;
    for (const auto& [set, figures] : floors.items()) {
        if (set == "about") continue;
        for (const auto& [name, bound] : figures.items()) {
            const double is = figure(results.at(set), name);
            const bool alarm = name.ends_with("false_alarms");
            const bool held = alarm ? is <= bound.get<double>() : is >= bound.get<double>();
            std::printf("%s %-9s %-18s %.4f (%s %.4f)\n", held ? "ok    " : "BROKEN", set.c_str(),
                        name.c_str(), is, alarm ? "at most" : "at least", bound.get<double>());
            broken += held ? 0 : 1;
        }
    }
    return broken == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: ears_measure FLOWS CORPUS_DIR [--wrong | --floor FILE]\n";
        return 2;
    }
    const std::string flows = argv[1];
    const std::string corpus = std::string(argv[2]) + "/";
    const Sets sets{ears::read_corpus(corpus + "messages.jsonl"),
                    ears::read_corpus(corpus + "training.jsonl"), ears::read_corpus(corpus + "voices.jsonl"),
                    ears::read_corpus(corpus + "fresh.jsonl")};
    const bot::Ears shipped = load(flows, read_file(flows + "/lexicon/model.json"));
    std::map<std::string, Scores> results{{"voices", score(shipped, sets.voices)},
                                          {"fresh", score(shipped, sets.fresh)},
                                          {"messages", cross_validated(flows, sets, sets.messages)}};
    if (argc == 5 && std::strcmp(argv[3], "--floor") == 0) return hold_to(argv[4], results);

    const bot::Ears rules = load(flows, "");
    std::cout << to_table("messages.jsonl, rules alone", score(rules, sets.messages))
              << to_table("messages.jsonl, rules and model (cross-validated)", results.at("messages"))
              << to_table("  English", cross_validated(flows, sets, only(sets.messages, "en")))
              << to_table("  Spanish", cross_validated(flows, sets, only(sets.messages, "es")))
              << to_table("training.jsonl, rules alone", score(rules, sets.training))
              << to_table("training.jsonl, rules and model (cross-validated)",
                          cross_validated(flows, sets, sets.training))
              << to_table("voices.jsonl, rules alone", score(rules, sets.voices))
              << to_table("voices.jsonl, rules and model", results.at("voices"))
              << to_table("fresh.jsonl, rules alone", score(rules, sets.fresh))
              << to_table("fresh.jsonl, rules and model", results.at("fresh"));
    std::cout << "situations of messages.jsonl (labelled: heard)\n";
    for (const auto& [labelled, heard] : results.at("messages").confused) {
        std::cout << "  " << labelled << ":";
        for (const auto& [situation, times] : heard) std::cout << ' ' << situation << ' ' << times;
        std::cout << '\n';
    }
    std::printf("%.1f microseconds a message\n", microseconds_each(shipped, sets.messages));
    if (argc == 4 && std::strcmp(argv[3], "--wrong") == 0)
        for (const auto& [set, scores] : results)
            for (const std::string& line : scores.wrong) std::cout << set << "  " << line << '\n';
    return 0;
}
