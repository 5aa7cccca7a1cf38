// Trains flows/lexicon/model.json from the committed corpus.
//   ears_train FLOWS OUT CORPUS...     writes OUT; the same input gives the same file
#include <fstream>
#include <iostream>

#include "tests/ears/trainer.hpp"

int main(int argc, char** argv) {
    if (argc < 4) {
        std::cerr << "usage: ears_train FLOWS OUT CORPUS...\n";
        return 2;
    }
    const ears::Trainer trainer(argv[1]);
    std::vector<ears::Example> examples;
    for (int i = 3; i < argc; ++i)
        for (ears::Example& example : ears::read_corpus(argv[i])) examples.push_back(std::move(example));
    std::ofstream out(argv[2], std::ios::binary);
    out << trainer.train(examples);
    out.flush();
    if (!out) {
        std::cerr << argv[2] << " cannot be written\n";
        return 1;
    }
    std::cout << "trained on " << examples.size() << " examples: " << argv[2] << '\n';
    return 0;
}
