#include "bot/word_model.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "bot/rule_set.hpp"

namespace bot {

namespace {
using nlohmann::json;
}  // namespace

/// Reads the file, collecting every problem.
class WordModel::Loader {
public:
    Loader(std::string_view file, const json& document) : file_(file), document_(document) {}

    boost::system::result<WordModel, Problems> load(WordFeatures features) {
        read_outputs();
        read_scale();
        if (problems_.empty()) read_weights();
        if (!problems_.empty()) return problems_;
        model_.features_ = std::move(features);
        return std::move(model_);
    }

private:
    void complain(std::string where, std::string what) {
        problems_.push_back({std::string(file_), std::move(where), std::move(what)});
    }

    const json* list(const char* name) {
        const auto found = document_.find(name);
        if (found != document_.end() && found->is_array()) return &*found;
        complain(std::string("/") + name, "must be a list");
        return nullptr;
    }

    void read_outputs() {
        const json* outputs = list("outputs");
        const json* bias = list("bias");
        if (outputs == nullptr || bias == nullptr) return;
        if (outputs->empty() || outputs->size() > 26 || outputs->size() != bias->size())
            return complain("/outputs", "must be 1 to 26 names, with as many in \"bias\"");
        for (std::size_t i = 0; i < outputs->size(); ++i) {
            if (!(*outputs)[i].is_string() || !(*bias)[i].is_number())
                return complain("/outputs", "must be names, and \"bias\" numbers");
            model_.outputs_.push_back((*outputs)[i].get<std::string>());
            model_.bias_.push_back((*bias)[i].get<float>());
        }
    }

    void read_scale() {
        const auto scale = document_.find("scale");
        if (scale == document_.end() || !scale->is_number() || !(scale->get<float>() > 0))
            return complain("/scale", "must be a number above 0");
        model_.scale_ = scale->get<float>();
    }

    void read_weights() {
        const json* lines = list("weights");
        if (lines == nullptr) return;
        model_.begin_.assign(WordFeatures::kCount + 1, 0);
        std::uint32_t next = 0;  // first feature that has no beginning yet
        for (std::size_t i = 0; i < lines->size(); ++i) {
            const bool good =
                (*lines)[i].is_string() && read_line((*lines)[i].get_ref<const std::string&>(), next);
            if (!good)
                return complain("/weights/" + std::to_string(i),
                                "must be a hex feature above the one before, then letters and whole numbers");
        }
        while (next <= WordFeatures::kCount)
            model_.begin_[next++] = static_cast<std::uint32_t>(model_.weights_.size());
    }

    // "1a2bf c-12": feature 0x1a2bf has weight -12 for the third output.
    bool read_line(const std::string& line, std::uint32_t& next) {
        const char* at = line.data();
        const char* const end = at + line.size();
        std::uint32_t feature = 0;
        const auto number = std::from_chars(at, end, feature, 16);
        if (number.ec != std::errc{} || feature >= WordFeatures::kCount || feature < next) return false;
        while (next <= feature) model_.begin_[next++] = static_cast<std::uint32_t>(model_.weights_.size());
        for (at = number.ptr; at != end;) {
            if (*at++ != ' ' || at == end) return false;
            const auto output = static_cast<std::size_t>(*at++ - 'a');
            std::int16_t weight = 0;
            const auto parsed = std::from_chars(at, end, weight);
            if (parsed.ec != std::errc{} || output >= model_.outputs_.size()) return false;
            model_.weights_.push_back({static_cast<std::uint16_t>(output), weight});
            at = parsed.ptr;
        }
        return true;
    }

    std::string_view file_;
    const json& document_;
    WordModel model_;
    Problems problems_;
};

boost::system::result<WordModel, Problems> WordModel::load(std::string_view file_name, std::string_view text,
                                                           WordFeatures features) {
    const auto document = parse_lexicon(file_name, text);
    if (!document) return Problems{document.error()};
    return Loader(file_name, *document).load(std::move(features));
}

std::optional<std::size_t> WordModel::output(std::string_view name) const noexcept {
    const auto found = std::find(outputs_.begin(), outputs_.end(), name);
    if (found == outputs_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - outputs_.begin());
}

std::vector<float> WordModel::score(const NormalizedText& message, const std::vector<bool>& denied) const {
    const std::vector<std::uint32_t> features = features_.of(message, denied);
    std::vector<std::int32_t> sums(outputs_.size());
    // The table is larger than a core's cache: ask ahead for what is needed next.
    constexpr std::size_t kAhead = 12;
    for (std::size_t i = 0; i < features.size(); ++i) {
        if (i + kAhead < features.size()) __builtin_prefetch(&begin_[features[i + kAhead]]);
        if (i + kAhead / 2 < features.size())
            __builtin_prefetch(weights_.data() + begin_[features[i + kAhead / 2]]);
        const std::uint32_t feature = features[i];
        for (std::uint32_t at = begin_[feature]; at < begin_[feature + 1]; ++at)
            sums[weights_[at].output] += weights_[at].weight;
    }
    // Long messages have more features: each counts less, as in training.
    const float each = scale_ / std::sqrt(static_cast<float>(std::max<std::size_t>(1, features.size())));
    std::vector<float> scores(bias_);
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += static_cast<float>(sums[i]) * each;
    return scores;
}

}  // namespace bot
