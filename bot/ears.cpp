#include "bot/ears.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace bot {

namespace {

template <class Part, class... More>
boost::system::result<Part, Problems> load_one(const std::vector<ContentFile>& files, std::string_view name,
                                               Problems& problems, const More&... more) {
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const ContentFile& candidate) { return candidate.name == name; });
    boost::system::result<Part, Problems> part =
        file == files.end() ? Problems{{std::string(name), "/", "the file is missing"}}
                            : Part::load(file->name, file->text, more...);
    if (!part) {
        const Problems found = part.error();
        problems.insert(problems.end(), found.begin(), found.end());
    }
    return part;
}

// The statistical model, if there is one; a lexicon that speaks of it complains when there is none.
std::shared_ptr<const WordModel> load_model(const std::vector<ContentFile>& files, Problems& problems) {
    constexpr std::string_view name = "lexicon/model.json";
    if (std::none_of(files.begin(), files.end(), [&](const ContentFile& file) { return file.name == name; }))
        return nullptr;
    auto features = load_one<WordFeatures>(files, "lexicon/concepts.json", problems);
    if (!features) return nullptr;
    auto model = load_one<WordModel>(files, name, problems, *features);
    return model ? std::make_shared<const WordModel>(std::move(*model)) : nullptr;
}

}  // namespace

boost::system::result<Ears, Problems> Ears::load(const std::vector<ContentFile>& files) {
    Problems problems;
    auto read = load_one<Spelling>(files, "lexicon/spelling.json", problems);
    if (!read) return problems;
    const auto spelling = std::make_shared<const Spelling>(std::move(*read));
    const auto model = load_model(files, problems);
    auto consent = load_one<ConsentDetector>(files, "lexicon/consent.json", problems, spelling, model);
    auto risk = load_one<RiskDetector>(files, "lexicon/risk.json", problems, spelling, model);
    auto situation = load_one<SituationDetector>(files, "lexicon/situation.json", problems, spelling);
    if (!problems.empty()) return problems;
    return Ears{std::move(*consent), std::move(*risk), std::move(*situation), spelling, model};
}

Ears::Reading Ears::read(const NormalizedText& message) const {
    const NormalizedText written = spelling->respell(message);
    const RuleSet::Prepared prepared = risk.prepare_written_out(written);
    const std::vector<float> scores =
        model ? model->score(prepared.text, prepared.denied) : std::vector<float>{};
    return {consent.read_written_out(written, scores), risk.read_prepared(prepared, scores),
            situation.read_written_out(written)};
}

}  // namespace bot
