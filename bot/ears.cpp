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

}  // namespace

boost::system::result<Ears, Problems> Ears::load(const std::vector<ContentFile>& files) {
    Problems problems;
    auto read = load_one<Spelling>(files, "lexicon/spelling.json", problems);
    if (!read) return problems;
    const auto spelling = std::make_shared<const Spelling>(std::move(*read));
    auto consent = load_one<ConsentDetector>(files, "lexicon/consent.json", problems, spelling);
    auto risk = load_one<RiskDetector>(files, "lexicon/risk.json", problems, spelling);
    auto situation = load_one<SituationDetector>(files, "lexicon/situation.json", problems, spelling);
    if (!problems.empty()) return problems;
    return Ears{std::move(*consent), std::move(*risk), std::move(*situation)};
}

}  // namespace bot
