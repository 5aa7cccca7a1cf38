#pragma once
#include <boost/system/result.hpp>
#include <memory>
#include <vector>

#include "bot/consent.hpp"
#include "bot/flow_loader.hpp"
#include "bot/problem.hpp"
#include "bot/risk.hpp"
#include "bot/situation.hpp"

namespace bot {

/// Everything that listens to a texter's words. Immutable: safe on every thread.
struct Ears {
    ConsentDetector consent;
    RiskDetector risk;
    SituationDetector situation;
    std::shared_ptr<const Spelling> spelling;
    std::shared_ptr<const WordModel> model;  ///< nullptr when the lexicon has none

    /// What one message says.
    struct Reading {
        ConsentReading consent;
        RiskReading risk;
        SituationDetector::Reading situation;
    };
    /// Rules and model; the message is written out and scored once for all detectors.
    [[nodiscard]] Reading read(const NormalizedText& message) const;

    /// From the files "lexicon/spelling.json", "lexicon/consent.json", "lexicon/risk.json" and
    /// "lexicon/situation.json" among `files`.
    /// Every defect of all three is reported at once, a missing file too; nothing is half loaded.
    [[nodiscard]] static boost::system::result<Ears, Problems> load(const std::vector<ContentFile>& files);
};

}  // namespace bot
