#include "bot/ears.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace bot {

namespace {

template <class Detector>
boost::system::result<Detector, Problems> load_one(const std::vector<ContentFile>& files,
                                                   std::string_view name, Problems& problems) {
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const ContentFile& candidate) { return candidate.name == name; });
    boost::system::result<Detector, Problems> detector =
        file == files.end() ? Problems{{std::string(name), "/", "the file is missing"}}
                            : Detector::load(file->name, file->text);
    if (!detector) {
        const Problems found = detector.error();
        problems.insert(problems.end(), found.begin(), found.end());
    }
    return detector;
}

}  // namespace

boost::system::result<Ears, Problems> Ears::load(const std::vector<ContentFile>& files) {
    Problems problems;
    auto consent = load_one<ConsentDetector>(files, "lexicon/consent.json", problems);
    auto risk = load_one<RiskDetector>(files, "lexicon/risk.json", problems);
    auto situation = load_one<SituationDetector>(files, "lexicon/situation.json", problems);
    if (!problems.empty()) return problems;
    return Ears{std::move(*consent), std::move(*risk), std::move(*situation)};
}

}  // namespace bot
