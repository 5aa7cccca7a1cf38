// Measures the ears on the committed corpus, beside lists of keywords.
//   detectors FLOWS CORPUS_DIR [--wrong]      tables; with --wrong every miss and false alarm
//   detectors FLOWS CORPUS_DIR --floor FILE   fails when a figure falls below its floor
//   detectors FLOWS --texts FILE...           one table for each file of labelled texts (harmless SMS, say)
// Three kinds of figures: in-sample (the shipped model on what it was trained on; it flatters), held-out
// (each third, by a hash of the text or of its writer, is heard by a model trained on the other two; the
// rules' authors had read the texts all the same) and judge.jsonl and unseen.jsonl, which no model and no
// rule was made with.
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/bench/detectors/keyword_peers.hpp"
#include "tests/bench/detectors/scores.hpp"
#include "tests/ears/trainer.hpp"

namespace {

using ears::Example;
using ears::Scores;

constexpr unsigned kParts = 3;

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
        for (bot::ContentFile& file : files) {
            auto lexicon = nlohmann::json::parse(file.text, nullptr, false);
            lexicon.erase("model");
            file.text = lexicon.dump();
        }
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

struct Set {
    std::string name;
    std::vector<Example> examples;
};

struct Corpus {
    std::vector<Set> seen;    // what the model is trained on
    std::vector<Set> judges;  // what neither model nor rules were made with
};

std::vector<Example> read_folder(const std::string& directory) {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) files.insert(entry.path());
    std::vector<Example> examples;
    for (const auto& file : files)
        for (Example& example : ears::read_corpus(file.string())) examples.push_back(std::move(example));
    return examples;
}

Corpus read_corpora(const std::string& directory) {
    Corpus corpus;
    for (const char* name : {"messages", "training", "voices", "fresh", "build"})
        corpus.seen.push_back({name, ears::read_corpus(directory + "/" + name + ".jsonl")});
    corpus.seen.push_back({"templates", ears::read_templates(directory + "/templates.txt")});
    corpus.seen.push_back({"writers", read_folder(directory + "/writers")});
    for (const char* name : {"judge", "unseen"})
        corpus.judges.push_back({name, ears::read_corpus(directory + "/" + name + ".jsonl")});
    return corpus;
}

// By part: the ears with a model that never saw it.
std::vector<bot::Ears> train_parts(const std::string& flows, const Corpus& corpus) {
    const ears::Trainer trainer(flows);
    std::vector<bot::Ears> parts;
    for (unsigned part = 0; part < kParts; ++part) {
        std::vector<Example> others;
        for (const Set& set : corpus.seen)
            for (const Example& example : set.examples)
                if (ears::part_of(example, kParts) != part) others.push_back(example);
        parts.push_back(load(flows, trainer.train(others)));
    }
    return parts;
}

Scores held_out(const std::vector<bot::Ears>& parts, const std::vector<Example>& tested) {
    Scores scores;
    for (const Example& example : tested)
        scores.add(example, ears::listen(parts[ears::part_of(example, kParts)], example.text));
    return scores;
}

template <class Peer>
Scores score_peer(const Peer& peer, const std::vector<Example>& examples) {
    Scores scores;
    for (const Example& example : examples) scores.add(example, peer(example.text));
    return scores;
}

double microseconds_each(const bot::Ears& ears, const std::vector<Example>& examples) {
    const std::clock_t start = std::clock();  // of this process, for other work may be going on
    std::size_t heard = 0;
    for (const Example& example : examples) heard += ears::listen(ears, example.text).risk.size();
    const double took = 1e6 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    return heard == 0 ? 0 : took / static_cast<double>(examples.size());
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

// All of it, then each language.
template <class Measure>
void print_by_language(const std::string& title, const std::vector<Example>& examples,
                       const Measure& measure) {
    std::cout << to_table(title, measure(examples)) << to_table("  English", measure(only(examples, "en")))
              << to_table("  Spanish", measure(only(examples, "es")));
}

void print_confusion(const std::string& title, const Scores& scores) {
    std::cout << title << ": situation labelled, then heard\n";
    for (const auto& [labelled, heard] : scores.confused) {
        std::cout << "  " << labelled << ":";
        for (const auto& [situation, times] : heard) std::cout << ' ' << situation << ' ' << times;
        std::cout << '\n';
    }
}

void print_tables(const std::string& flows, const Corpus& corpus, const bot::Ears& shipped,
                  const std::vector<bot::Ears>& parts) {
    const bot::Ears rules = load(flows, "");
    const auto by = [](const bot::Ears& ears) {
        return [&ears](const std::vector<Example>& examples) { return score(ears, examples); };
    };
    const auto by_parts = [&](const std::vector<Example>& examples) { return held_out(parts, examples); };
    for (const Set& set : corpus.seen) {
        if (set.name == "training" || set.name == "templates") continue;  // written to be generalised from
        std::cout << to_table(set.name + ", rules alone (in-sample)", score(rules, set.examples))
                  << to_table(set.name + ", rules and model (in-sample)", score(shipped, set.examples));
        print_by_language(set.name + ", rules and model (held out)", set.examples, by_parts);
    }
    for (const Set& judge : corpus.judges) {
        print_by_language(judge.name + ", rules alone", judge.examples, by(rules));
        print_by_language(judge.name + ", rules and model", judge.examples, by(shipped));
        std::cout << to_table(judge.name + ", peer: Twilio's keywords",
                              score_peer(ears::twilio_keywords, judge.examples))
                  << to_table(judge.name + ", peer: Spoke's patterns",
                              score_peer(ears::spoke_patterns, judge.examples))
                  << to_table(judge.name + ", peer: a list of crisis words",
                              score_peer(ears::crisis_keywords, judge.examples));
        print_confusion(judge.name, score(shipped, judge.examples));
    }
    print_confusion("messages (held out)", held_out(parts, corpus.seen.front().examples));
    std::printf("%.1f microseconds a message, %.0f messages a second on one core\n",
                microseconds_each(shipped, corpus.seen.front().examples),
                1e6 / microseconds_each(shipped, corpus.seen.front().examples));
}

int print_texts(const std::string& flows, char** from, char** to) {
    const bot::Ears shipped = load(flows, read_file(flows + "/lexicon/model.json"));
    const bot::Ears rules = load(flows, "");
    for (; from != to; ++from) {
        const std::vector<Example> examples = ears::read_examples(*from);
        std::cout << to_table(std::string(*from) + ", rules alone", score(rules, examples))
                  << to_table(std::string(*from) + ", rules and model", score(shipped, examples));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: detectors FLOWS CORPUS_DIR [--wrong | --floor FILE]\n"
                     "       detectors FLOWS --texts FILE...\n";
        return 2;
    }
    const std::string flows = argv[1];
    if (std::strcmp(argv[2], "--texts") == 0) return print_texts(flows, argv + 3, argv + argc);
    const Corpus corpus = read_corpora(argv[2]);
    const bot::Ears shipped = load(flows, read_file(flows + "/lexicon/model.json"));
    const std::vector<bot::Ears> parts = train_parts(flows, corpus);
    std::map<std::string, Scores> results;
    for (const Set& judge : corpus.judges) results[judge.name] = score(shipped, judge.examples);
    for (const Set& set : corpus.seen)
        if (set.name != "training" && set.name != "templates")
            results[set.name] = held_out(parts, set.examples);
    if (argc == 5 && std::strcmp(argv[3], "--floor") == 0) return hold_to(argv[4], results);

    print_tables(flows, corpus, shipped, parts);
    if (argc == 4 && std::strcmp(argv[3], "--wrong") == 0)
        for (const auto& [set, scores] : results)
            for (const std::string& line : scores.wrong) std::cout << set << "  " << line << '\n';
    return 0;
}
