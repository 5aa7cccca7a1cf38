#pragma once
#include <string>

#include "bot/ears.hpp"
#include "tests/support/files.hpp"

namespace support {

/// The detectors with the lexicon that is shipped, loaded once.
[[nodiscard]] inline const bot::Ears& ears() {
    static const bot::Ears loaded = [] {
        std::vector<bot::ContentFile> files;
        for (const char* name : {"lexicon/spelling.json", "lexicon/concepts.json", "lexicon/model.json",
                                 "lexicon/consent.json", "lexicon/risk.json", "lexicon/situation.json"})
            files.push_back({name, read_source_file(std::string("flows/") + name)});
        auto result = bot::Ears::load(files);
        if (!result)
            for (const bot::Problem& problem : result.error()) FAIL_CHECK(to_string(problem));
        REQUIRE(result.has_value());
        return std::move(*result);
    }();
    return loaded;
}

}  // namespace support
