// What texters can send goes through the ears, whatever bytes it is made of.
// build/fuzz/tests/fuzz/classify_fuzz -max_len=4096 tests/fuzz/classify_corpus   (clang's libFuzzer)
// The corpus is replayed in every build: ctest -R fuzz_corpus.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "bot/ears.hpp"

namespace {

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// With the statistical model, or the rules alone.
bot::Ears load(bool with_model) {
    std::vector<bot::ContentFile> files;
    for (const char* name : {"spelling", "concepts", "consent", "risk", "situation", "model"}) {
        const std::string file = std::string("lexicon/") + name + ".json";
        std::string text = read_file(HANDRAIL_SOURCE_DIR "/flows/" + file);
        if (!with_model) {
            auto lexicon = nlohmann::json::parse(text, nullptr, false);
            lexicon.erase("model");
            text = lexicon.dump();
        }
        if (with_model || std::string_view(name) != "model") files.push_back({file, std::move(text)});
    }
    auto ears = bot::Ears::load(files);
    if (ears) return std::move(*ears);
    for (const bot::Problem& problem : ears.error()) std::cerr << to_string(problem) << '\n';
    std::exit(2);
}

void must(bool holds, const char* what) {
    if (holds) return;
    std::cerr << "broken: " << what << '\n';
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bot::Ears ears = load(true);
    static const bot::Ears rules = load(false);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const bot::NormalizedText message = bot::normalize(text);
    must(bot::is_valid_utf8(message.text), "normalised text is UTF-8");
    must(message.words.empty() == message.sentences.empty(), "words stand in sentences");
    const bot::Ears::Reading heard = ears.read(message);
    for (const bot::RiskFinding& finding : heard.risk.findings)
        must(!finding.rule.empty() && !finding.heard.empty(), "staff are told what was heard");
    const bot::Ears::Reading alone = rules.read(message);
    must(heard.risk.danger() || !alone.risk.danger(), "the model takes no danger away");
    must(heard.risk.imminent() || !alone.risk.imminent(), "the model makes nothing less urgent");
    must(heard.consent.signal == alone.consent.signal || alone.consent.signal == bot::ConsentSignal::none,
         "the model changes nothing that a rule said about consent");
    return 0;
}
