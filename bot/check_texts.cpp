#include <algorithm>
#include <map>

#include "bot/content_check.hpp"
#include "bot/placeholders.hpp"
#include "bot/readability.hpp"
#include "bot/segments.hpp"

namespace bot {

namespace {

// The brief asks for the sixth grade or easier; two above it is no text for a bad night.
constexpr double kGradeWanted = 6;
constexpr double kGradeRefused = 8;
constexpr std::size_t kWordsToJudge = 10;

std::string one_decimal(double value) {
    const auto tenths = static_cast<int>(value * 10 + 0.5);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

// Every placeholder at its longest. 'W' is an ordinary GSM-7 letter: one septet each.
std::string at_longest(const std::string& text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t open = text.find('{', at);
        const std::size_t close = open == std::string::npos ? open : text.find('}', open);
        if (close == std::string::npos) break;
        out.append(text, at, open - at);
        out.append(longest_of(std::string_view(text).substr(open + 1, close - open - 1)), 'W');
        at = close + 1;
    }
    return out + text.substr(std::min(at, text.size()));
}

class TextCheck {
public:
    TextCheck(const std::string& id, const Text& text, const ContentFiles& files, Problems& problems)
        : id_(id), text_(text), files_(files), problems_(problems) {}

    void run() {
        for (const Language language : {Language::en, Language::es}) {
            const std::size_t at = index_of(language);
            if (text_.body[at].empty()) {
                error(language, "the text is missing in this language");
                continue;
            }
            wording(language, text_.body[at], "");
            if (!text_.no_staff[at].empty()) {
                wording(language, text_.no_staff[at], "/no_staff");
                if (numbers_in(text_.no_staff[at]) != numbers_in(text_.body[at]))
                    error(language, "shows other option numbers than the text itself", "/no_staff");
            }
            plain(language);
            if (text_.tells_person && text_.no_staff[at].empty())
                error(language,
                      "says that a person is told, so it needs \"no_staff\": what a line without "
                      "people on call says instead");
        }
        same_placeholders();
    }

private:
    void error(Language language, std::string what, const std::string& part = "") {
        problems_.push_back({files_.texts[index_of(language)], id_ + part, std::move(what)});
    }

    void warn(Language language, std::string what, const std::string& part) {
        problems_.push_back({files_.texts[index_of(language)], id_ + part, std::move(what), true});
    }

    void wording(Language language, const std::string& words, const std::string& part) {
        for (const std::string& name : placeholders_in(words))
            if (longest_of(name) == 0)
                error(language, "unknown placeholder {" + name + "}; known are " + placeholder_names(), part);
        letters(language, words, part);
        reading_level(language, words, part);
        const Segments size = count_segments(fold_for_gsm7(at_longest(words)));
        if (size.segments <= static_cast<std::size_t>(text_.segments)) return;
        error(language,
              "takes " + std::to_string(size.segments) +
                  " SMS segments with placeholders at their longest (" + std::to_string(size.units) +
                  (size.encoding == Encoding::gsm7 ? " septets" : " UCS-2 units") + "); at most " +
                  std::to_string(text_.segments) + " are allowed: shorten it",
              part);
    }

    // One letter outside of GSM-7 makes the whole text UCS-2: 70 letters a segment instead of 160.
    void letters(Language language, const std::string& words, const std::string& part) {
        if (plain_typography(words) != words)
            warn(language,
                 "has curly quotes, long dashes, an ellipsis or blanks of typography; they are sent in their "
                 "plain form: write that",
                 part);
        const std::string strange = beyond_gsm7(fold_for_gsm7(words));
        if (!strange.empty())
            error(language,
                  "\"" + strange +
                      "\" is not in the GSM-7 alphabet, so the whole text would go out at 70 letters a "
                      "segment: leave it out or write it otherwise",
                  part);
    }

    void reading_level(Language language, const std::string& words, const std::string& part) {
        const Readability read = readability(words, language);
        if (read.words < kWordsToJudge || read.grade <= kGradeWanted) return;
        const std::string what = "reads at school grade " + one_decimal(read.grade) +
                                 "; the sixth or easier is wanted: shorter sentences, shorter words";
        if (read.grade > kGradeRefused)
            error(language, what, part);
        else
            warn(language, what, part);
    }

    void plain(Language language) {
        const std::size_t at = index_of(language);
        const std::string& words = text_.plain[at];
        if (words.empty()) {
            if (!text_.plain[1 - at].empty())
                error(language, "the other language has \"plain\", this one has not");
            return;
        }
        wording(language, words, "/plain");
        if (numbers_in(words) != numbers_in(text_.body[at]))
            error(language, "shows other option numbers than the text itself", "/plain");
    }

    static std::vector<int> numbers_in(const std::string& words) {
        std::vector<int> numbers;
        for (const auto& [number, _] : options_in(words)) numbers.push_back(number);
        return numbers;
    }

    void same_placeholders() {
        auto en = placeholders_in(text_.body[0]);
        auto es = placeholders_in(text_.body[1]);
        std::sort(en.begin(), en.end());
        std::sort(es.begin(), es.end());
        if (!text_.body[1].empty() && !text_.body[0].empty() && en != es)
            error(Language::es, "uses other placeholders than the English text");
    }

    const std::string& id_;
    const Text& text_;
    const ContentFiles& files_;
    Problems& problems_;
};

}  // namespace

void check_texts(const Content& content, const ContentFiles& files, Problems& problems) {
    const std::map<std::string, Text> in_order(content.texts.begin(), content.texts.end());
    for (const auto& [id, text] : in_order) TextCheck(id, text, files, problems).run();
}

}  // namespace bot
