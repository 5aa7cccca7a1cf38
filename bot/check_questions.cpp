#include <algorithm>
#include <map>
#include <set>

#include "bot/content_check.hpp"

namespace bot {

namespace {

constexpr Language kBoth[]{Language::en, Language::es};

// YES and START only ever undo an opt-out, and NO is no carrier word: natural answers to yes/no questions,
// harmless there.
bool blocks(const Ears& ears, const std::string& normal) {
    static const std::set<std::string> kHarmless{"yes", "si", "no", "start", "unstop", "y", "s", "empezar"};
    return !kHarmless.contains(normal) && ears.consent.is_reserved(normal);
}

// The question of a text: from the last full stop before its question mark.
std::string_view question_in(std::string_view text) {
    const std::size_t mark = text.rfind('?');
    if (mark == std::string_view::npos) return {};
    const std::size_t stop = mark == 0 ? std::string_view::npos : text.find_last_of(".!?\n", mark - 1);
    const std::size_t from = stop == std::string_view::npos ? 0 : stop + 1;
    return text.substr(from, mark - from);
}

class QuestionCheck {
public:
    QuestionCheck(const Content& content, Problems& problems) : content_(content), problems_(problems) {}

    void step(const Flow& flow, const Step& step) {
        if (!step.ask) return;
        file_ = ContentFiles::of(flow);
        where_ = flow.id + "/steps/" + step.id + "/ask";
        for (const Language language : kBoth) {
            numbers(step, language);
            words(*step.ask, language);
            if (content_.ears) reserved(step, language);
        }
        names(*step.ask);
    }

    void globals() {
        std::map<std::string, std::string> owners;
        for (const auto& [id, flow] : content_.flows) {
            file_ = ContentFiles::of(flow);
            where_ = id + "/starts/words";
            global_words(flow.starts.words, id, owners);
        }
        file_ = "line.json";
        for (const GlobalWord& global : content_.line.globals) {
            where_ = "line/globals/" + global.name;
            global_words(global.words, global.name, owners);
        }
    }

private:
    void error(std::string what) { problems_.push_back({file_, where_, std::move(what)}); }

    static std::string in(Language language) { return " (" + std::string(to_string(language)) + ")"; }

    // Option lines of all texts of the step, or the digits that stand in them.
    void numbers(const Step& step, Language language) {
        std::set<int> lines;
        std::set<std::string> digits;
        for (const SayItem& item : step.say) {
            const Text* text = content_.find_text(item.text_id);
            if (text == nullptr) return;
            for (const auto& [number, _] : options_in(text->body[index_of(language)])) lines.insert(number);
            for (const std::string& word : normalize(text->body[index_of(language)]).words)
                digits.insert(word);
        }
        if (step.say.empty()) return;
        std::set<int> chosen;
        for (const Choice& choice : step.ask->choices) {
            if (!choice.number) continue;
            if (!chosen.insert(*choice.number).second)
                error("two choices have the number " + std::to_string(*choice.number));
            const bool shown = lines.empty() ? digits.contains(std::to_string(*choice.number))
                                             : lines.contains(*choice.number);
            if (!shown)
                error("the text does not show the number " + std::to_string(*choice.number) + " of \"" +
                      choice.name + "\"" + in(language));
        }
        for (const int number : lines)
            if (!chosen.contains(number) && !step.ask->number)
                error("the text shows the option " + std::to_string(number) +
                      " but no choice has that number" + in(language));
    }

    void words(const Ask& ask, Language language) {
        std::map<std::string, std::string> owners;
        for (const Choice& choice : ask.choices)
            for (const Phrase& phrase : choice.words[index_of(language)].phrases()) {
                if (phrase.veto) continue;
                const auto [owner, is_new] = owners.emplace(phrase.joined, choice.name);
                if (!is_new && owner->second != choice.name)
                    error("\"" + phrase.joined + "\" stands for both \"" + owner->second + "\" and \"" +
                          choice.name + "\"" + in(language));
            }
    }

    void names(const Ask& ask) {
        std::set<std::string> names;
        for (const Choice& choice : ask.choices)
            if (!names.insert(choice.name).second) error("two choices are named \"" + choice.name + "\"");
    }

    void refuse(const std::string& word, const std::string& what, Language language) {
        error(what + " \"" + word + "\" is a word that carriers act upon by themselves" + in(language) +
              ": whoever answers with it is opted out or gets the carrier's own text; use another word");
    }

    void reserved(const Step& step, Language language) {
        for (const Choice& choice : step.ask->choices)
            for (const Phrase& phrase : choice.words[index_of(language)].phrases())
                if (!phrase.veto && blocks(*content_.ears, phrase.joined))
                    refuse(phrase.joined, "the answer", language);
        for (const SayItem& item : step.say) {
            const Text* text = content_.find_text(item.text_id);
            if (text == nullptr) continue;
            for (const auto& [_, label] : options_in(text->body[index_of(language)]))
                if (const std::string word = normalize(label).text; blocks(*content_.ears, word))
                    refuse(word, "the option", language);
            offered(text->body[index_of(language)], language);
        }
    }

    // "Do you want to quit or cut down?" invites the one word "quit".
    void offered(std::string_view text, Language language) {
        const NormalizedText question = normalize(question_in(text));
        const std::set<std::string> ors =
            language == Language::en ? std::set<std::string>{"or"} : std::set<std::string>{"o", "u"};
        for (std::size_t i = 0; i < question.words.size(); ++i) {
            const bool before = i + 1 < question.words.size() && ors.contains(question.words[i + 1]);
            const bool after = i > 0 && ors.contains(question.words[i - 1]);
            if ((before || after) && blocks(*content_.ears, question.words[i]))
                refuse(question.words[i], "the question offers", language);
        }
    }

    void global_words(const PerLanguage<PhraseList>& words, const std::string& owner,
                      std::map<std::string, std::string>& owners) {
        for (const Language language : kBoth)
            for (const Phrase& phrase : words[index_of(language)].phrases()) {
                const auto [first, is_new] = owners.emplace(phrase.joined, owner);
                if (!is_new && first->second != owner)
                    error("the word \"" + phrase.joined + "\" already leads to " + first->second);
                if (content_.ears && blocks(*content_.ears, phrase.joined))
                    refuse(phrase.joined, "the word", language);
            }
    }

    const Content& content_;
    Problems& problems_;
    std::string file_;
    std::string where_;
};

}  // namespace

void check_questions(const Content& content, const ContentFiles&, Problems& problems) {
    QuestionCheck check(content, problems);
    for (const auto& [_, flow] : content.flows)
        for (const auto& [id, step] : flow.steps) check.step(flow, step);
    check.globals();
}

}  // namespace bot
