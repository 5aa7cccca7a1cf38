// Trains flows/lexicon/model.json from the committed corpus.
//   ears_train FLOWS OUT CORPUS...       writes OUT; the same input gives the same file
//   ears_train --check FLOWS CORPUS...   fails when FLOWS/lexicon/model.json is not what the corpus gives
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/ears/trainer.hpp"

namespace {

using Weights = std::map<std::string, std::map<char, int>>;  // by feature and output

std::vector<ears::Example> read_all(char** from, char** to) {
    std::vector<ears::Example> examples;
    for (; from != to; ++from)
        for (ears::Example& example : ears::read_examples(*from)) examples.push_back(std::move(example));
    return examples;
}

Weights weights_of(const std::string& json) {
    Weights weights;
    const auto model = nlohmann::json::parse(json, nullptr, false);
    if (!model.is_object() || !model.contains("weights")) return weights;
    for (const auto& entry : model["weights"]) {
        const auto line = entry.get<std::string>();
        std::size_t blank = line.find(' ');
        const std::string feature = line.substr(0, blank);
        for (; blank != std::string::npos; blank = line.find(' ', blank + 1))
            weights[feature][line[blank + 1]] = std::atoi(line.c_str() + blank + 2);
    }
    return weights;
}

// Another processor may round the last bit differently: a weight on the border may be one unit off, few may.
bool same_but_for_rounding(const Weights& a, const Weights& b) {
    std::size_t all = 0;
    std::size_t off = 0;
    for (const auto* weights : {&a, &b})
        for (const auto& [feature, outputs] : *weights)
            for (const auto& [output, weight] : outputs) {
                const Weights& other = weights == &a ? b : a;
                const auto found = other.find(feature);
                const auto there = found == other.end() ? 0 : [&, key = output] {
                    const auto at = found->second.find(key);
                    return at == found->second.end() ? 0 : at->second;
                }();
                ++all;
                off += weight == there ? 0U : 1U;
                if (std::abs(weight - there) > 1) return false;
            }
    return all > 0 && off * 50 < all;
}

int check(const std::string& flows, char** from, char** to) {
    std::ifstream in(flows + "/lexicon/model.json", std::ios::binary);
    const std::string shipped{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const std::string made = ears::Trainer(flows).train(read_all(from, to));
    if (same_but_for_rounding(weights_of(made), weights_of(shipped))) return 0;
    std::cerr << flows << "/lexicon/model.json is not what the corpus gives: build the target ears_model\n";
    return 1;
}

int train(const std::string& flows, const std::string& to_file, char** from, char** to) {
    const std::vector<ears::Example> examples = read_all(from, to);
    std::ofstream out(to_file, std::ios::binary);
    out << ears::Trainer(flows).train(examples);
    out.flush();
    if (!out) {
        std::cerr << to_file << " cannot be written\n";
        return 1;
    }
    std::cout << "trained on " << examples.size() << " examples: " << to_file << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::cerr << "usage: ears_train FLOWS OUT CORPUS... | ears_train --check FLOWS CORPUS...\n";
        return 2;
    }
    if (std::strcmp(argv[1], "--check") == 0) return check(argv[2], argv + 3, argv + argc);
    return train(argv[1], argv[2], argv + 3, argv + argc);
}
