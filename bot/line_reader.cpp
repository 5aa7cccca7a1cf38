#include "bot/line_reader.hpp"

#include "bot/flow_reader.hpp"

namespace bot {

namespace {

constexpr std::string_view kRoleNames[]{"need_first",
                                        "opted_out",
                                        "opted_out_in_danger",
                                        "closed_notice",
                                        "closed_in_danger",
                                        "closed_meant_for_988",
                                        "opted_in",
                                        "opted_in_open_case",
                                        "help",
                                        "meant_for_988",
                                        "meant_for_hotline",
                                        "minor",
                                        "media",
                                        "safe",
                                        "unanswered",
                                        "exhausted",
                                        "holding",
                                        "holding_exhausted",
                                        "waiting",
                                        "took",
                                        "took_late",
                                        "handed_back",
                                        "delayed",
                                        "sign_up"};
static_assert(std::size(kRoleNames) == kRoles);

PerLanguage<std::vector<std::string>> read_lists(const JsonReader& json) {
    PerLanguage<std::vector<std::string>> out;
    if (!json.expect_object({"en", "es"})) return out;
    for (const Language language : {Language::en, Language::es})
        if (const auto list = json.require(to_string(language))) out[index_of(language)] = list->strings();
    return out;
}

void read_sets(const JsonReader& json, Line& line) {
    for (const auto& [name, set] : json.members()) {
        if (!name.starts_with('@')) set.error("the name of a word set begins with @");
        line.sets.emplace(name, read_lists(set));
    }
    for (const char* needed : {"@yes", "@no", "@not", "@units", "@skip", "@done"})
        if (!line.sets.contains(needed)) json.error(std::string("the word set ") + needed + " is missing");
    for (std::size_t language = 0; language < kLanguages; ++language) {
        for (const std::string& word : line.sets["@not"][language])
            line.negators[language].push_back(normalize(word).text);
        for (const std::string& word : line.sets["@units"][language]) line.units[language].add(word);
    }
}

void read_roles(const JsonReader& json, Line& line) {
    for (std::size_t i = 0; i < kRoles; ++i) line.texts[i] = json.require_string(kRoleNames[i]);
    for (const auto& [name, member] : json.members())
        if (std::find(std::begin(kRoleNames), std::end(kRoleNames), name) == std::end(kRoleNames))
            member.error("the engine knows no such role");
}

void read_line_steps(const JsonReader& json, LineSteps& steps) {
    if (!json.expect_object({"welcome", "menu", "person", "unclear_opt_out", "minor", "misses", "return_open",
                             "return_week", "return_quarter"}))
        return;
    steps.welcome = json.require_string("welcome");
    steps.menu = json.require_string("menu");
    steps.person = json.require_string("person");
    steps.unclear_opt_out = json.require_string("unclear_opt_out");
    steps.minor = json.require_string("minor");
    steps.return_open = json.require_string("return_open");
    steps.return_week = json.require_string("return_week");
    steps.return_quarter = json.require_string("return_quarter");
    if (const auto misses = json.require("misses")) {
        steps.misses = misses->strings();
        if (steps.misses.empty()) misses->error("needs one step at least: where a person is brought");
    }
}

void read_defaults(const JsonReader& json, Line& line) {
    for (const auto& [name, member] : json.members()) {
        PerLanguage<std::string> words;
        if (!member.expect_object({"en", "es"})) continue;
        for (const Language language : {Language::en, Language::es})
            words[index_of(language)] = member.require_string(to_string(language));
        line.defaults.emplace(name, std::move(words));
    }
}

GlobalWord read_global(const JsonReader& json, const Line& line) {
    GlobalWord global;
    if (!json.expect_object({"name", "words", "go", "do", "say", "again"})) return global;
    global.name = json.require_string("name");
    if (const auto words = json.require("words")) global.words = read_words(*words, line);
    global.go = json.string_or("go");
    if (const auto actions = json.find("do")) global.actions = read_actions(*actions);
    if (const auto say = json.find("say")) global.say = read_say(*say);
    global.again = json.boolean_or("again", false);
    return global;
}

Digression read_digression(const JsonReader& json, const Line& line) {
    Digression digression;
    if (!json.expect_object({"name", "intents", "words", "say", "go"})) return digression;
    digression.name = json.require_string("name");
    digression.intents = json.strings_or_none("intents");
    if (const auto words = json.find("words")) digression.words = read_words(*words, line);
    if (const auto say = json.find("say")) digression.say = read_say(*say);
    digression.go = json.string_or("go");
    if (digression.say.empty() == digression.go.empty()) json.error("needs either \"say\" or \"go\"");
    return digression;
}

}  // namespace

std::string_view to_string(Role role) noexcept { return kRoleNames[static_cast<std::size_t>(role)]; }

Line read_line(const JsonReader& json) {
    Line line;
    if (!json.expect_object({"$schema", "about", "texts", "steps", "defaults", "sets", "numbers", "days",
                             "globals", "digressions"}))
        return line;
    if (const auto sets = json.require("sets")) read_sets(*sets, line);
    if (const auto texts = json.require("texts")) read_roles(*texts, line);
    if (const auto steps = json.require("steps")) read_line_steps(*steps, line.steps);
    if (const auto defaults = json.find("defaults")) read_defaults(*defaults, line);
    if (const auto numbers = json.require("numbers")) line.numbers = read_lists(*numbers);
    if (const auto days = json.require("days")) {
        line.days = read_lists(*days);
        for (const auto& names : line.days)
            if (names.size() != 7) days->error("needs seven names in each language, Sunday first");
    }
    if (const auto globals = json.find("globals"))
        for (const JsonReader& item : globals->items()) line.globals.push_back(read_global(item, line));
    if (const auto digressions = json.find("digressions"))
        for (const JsonReader& item : digressions->items())
            line.digressions.push_back(read_digression(item, line));
    return line;
}

void read_texts(const JsonReader& json, Language language, std::unordered_map<std::string, Text>& texts) {
    for (const auto& [id, member] : json.members()) {
        if (id == "$schema") continue;
        Text& text = texts[id];
        if (member.value().is_string()) {
            text.body[index_of(language)] = *member.string();
        } else if (member.expect_object({"text", "no_staff", "plain"})) {
            text.body[index_of(language)] = member.require_string("text");
            text.no_staff[index_of(language)] = member.string_or("no_staff");
            text.plain[index_of(language)] = member.string_or("plain");
        }
        if (text.body[index_of(language)].empty()) member.error("the text is empty");
    }
}

void read_text_meta(const JsonReader& json, std::unordered_map<std::string, Text>& texts) {
    for (const auto& [id, member] : json.members()) {
        if (id == "$schema" || id == "about") continue;
        if (!member.expect_object({"kind", "tells_person", "segments"})) continue;
        const auto found = texts.find(id);
        if (found == texts.end()) {
            member.error("there is no text of this id");
            continue;
        }
        const std::string kind = member.string_or("kind", "reply");
        if (kind != "reply" && kind != "crisis" && kind != "check_in")
            member.error("\"kind\" must be reply, crisis or check_in");
        if (kind == "crisis") found->second.kind = MessageKind::crisis;
        if (kind == "check_in") found->second.kind = MessageKind::check_in;
        found->second.tells_person = member.boolean_or("tells_person", false);
        found->second.segments = member.integer_or("segments", 2);
        if (found->second.segments < 1 || found->second.segments > 4)
            member.error("\"segments\" must be 1 to 4");
    }
}

}  // namespace bot
