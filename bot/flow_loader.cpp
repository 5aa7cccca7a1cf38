#include "bot/flow_loader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/content_check.hpp"
#include "bot/flow_reader.hpp"
#include "bot/json_lines.hpp"
#include "bot/line_reader.hpp"

namespace bot {

namespace {

using nlohmann::json;

json parse_file(const ContentFile& file, Problems& problems) {
    json value = json::parse(file.text, nullptr, false);
    const JsonLines lines(file.text);
    for (const JsonLines::Twice& twice : lines.twice())
        problems.push_back({file.name, "\"" + twice.name + "\"",
                            "is written twice in one object; only one can count", false, twice.line});
    if (value.is_discarded())
        problems.push_back(
            {file.name, "",
             "is no valid JSON; look for a missing comma, quote or bracket there or just before", false,
             lines.broken()});
    return value;
}

const ContentFile* find_file(const std::vector<ContentFile>& files, std::string_view name,
                             Problems& problems) {
    const auto found =
        std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == name; });
    if (found != files.end()) return &*found;
    problems.push_back({std::string(name), "", "the file is missing"});
    return nullptr;
}

bool is_flow_file(const ContentFile& file) {
    return file.name.ends_with(".json") && file.name.find('/') == std::string::npos &&
           file.name != "line.json" && file.name != "coverage.json";
}

void load_line(const std::vector<ContentFile>& files, Content& content, Problems& problems) {
    const ContentFile* file = find_file(files, "line.json", problems);
    if (file == nullptr) return;
    const json value = parse_file(*file, problems);
    if (!value.is_discarded()) content.line = read_line(JsonReader(value, file->name, "line", problems));
}

void load_texts(const std::vector<ContentFile>& files, Content& content, Problems& problems) {
    for (const Language language : {Language::en, Language::es}) {
        const std::string name = "texts/" + std::string(to_string(language)) + ".json";
        const ContentFile* file = find_file(files, name, problems);
        if (file == nullptr) continue;
        const json value = parse_file(*file, problems);
        if (!value.is_discarded())
            read_texts(JsonReader(value, name, "texts", problems), language, content.texts);
    }
    if (const ContentFile* file = find_file(files, "texts/meta.json", problems)) {
        const json value = parse_file(*file, problems);
        if (!value.is_discarded())
            read_text_meta(JsonReader(value, file->name, "texts", problems), content.texts);
    }
}

void load_flow(const ContentFile& file, Content& content, Problems& problems) {
    const json value = parse_file(file, problems);
    if (value.is_discarded()) return;
    const std::string expected = file.name.substr(0, file.name.size() - 5);
    Flow flow = read_flow(JsonReader(value, file.name, expected, problems), content.line);
    if (flow.id != expected)
        problems.push_back({file.name, expected + "/flow",
                            "is \"" + flow.id + "\"; it must be the file's name, \"" + expected + "\""});
    flow.id = expected;
    content.flows.emplace(expected, std::move(flow));
}

void load_coverage(const ContentFile& file, Content& content, Problems& problems) {
    const json value = parse_file(file, problems);
    if (value.is_null()) return;
    const JsonReader reader(value, file.name, "coverage", problems);
    if (!reader.expect_object({"$schema", "about", "items"})) return;
    const auto items = reader.require("items");
    if (!items) return;
    for (const JsonReader& item : items->items())
        if (item.expect_object({"id", "heading", "item"}))
            content.coverage.push_back(
                {item.require_string("id"), item.require_string("heading"), item.require_string("item")});
}

std::string start_of(const Flow& flow) {
    return flow.id + "/" + (flow.starts.step.empty() ? flow.first : flow.starts.step);
}

void claim(std::map<std::string, std::string, std::less<>>& by, const std::string& name, const Flow& flow,
           const char* what, Problems& problems) {
    const auto [at, is_new] = by.emplace(name, start_of(flow));
    if (!is_new)
        problems.push_back({ContentFiles::of(flow), flow.id + "/starts",
                            std::string(what) + " \"" + name + "\" already starts " + at->second});
}

void index_flow(const Flow& flow, Content& content, Problems& problems) {
    for (const std::string& name : flow.starts.situations)
        claim(content.by_situation, name, flow, "the situation", problems);
    for (const std::string& name : flow.starts.intents)
        claim(content.by_intent, name, flow, "the intent", problems);
    for (const auto& [risk, route] : flow.danger)
        if (!content.danger.emplace(risk, route).second)
            problems.push_back({ContentFiles::of(flow), flow.id + "/danger/" + std::string(to_string(risk)),
                                "another flow answers this risk already: " + content.danger.at(risk).flow});
    for (const auto& [name, rule] : flow.timers)
        if (!content.timers.emplace(name, rule).second)
            problems.push_back({ContentFiles::of(flow), flow.id + "/timers/" + name,
                                "another flow has a timer of this name: " + content.timers.at(name).flow});
}

// The label that the text shows is an answer too, unless the author gave those words to another choice.
void add_labels(const Content& content, Step& step) {
    if (!step.ask) return;
    for (std::size_t language = 0; language < kLanguages; ++language)
        for (const SayItem& item : step.say) {
            const Text* text = content.find_text(item.text_id);
            if (text == nullptr) continue;
            for (const auto& [number, label] : options_in(text->body[language])) {
                const NormalizedText words = normalize(label);
                const bool taken = std::any_of(
                    step.ask->choices.begin(), step.ask->choices.end(), [&](const Choice& choice) {
                        const auto phrases = choice.words[language].phrases();
                        return std::any_of(phrases.begin(), phrases.end(),
                                           [&](const Phrase& p) { return p.joined == words.text; });
                    });
                for (Choice& choice : step.ask->choices)
                    if (choice.number == number && !taken) choice.words[language].add(label);
            }
        }
}

// What the whole of a file is called in the places of its problems: "slip" for slip.json.
std::string root_of(const std::string& file) {
    if (file.starts_with("texts/")) return "texts";
    return file.find('/') == std::string::npos ? file.substr(0, file.find('.')) : "";
}

void find_lines(const std::vector<ContentFile>& files, Problems& problems) {
    std::map<std::string, JsonLines> read;
    for (Problem& problem : problems) {
        const auto file = std::find_if(files.begin(), files.end(),
                                       [&](const ContentFile& f) { return f.name == problem.file; });
        if (problem.line > 0 || file == files.end()) continue;
        const JsonLines& lines = read.try_emplace(file->name, file->text).first->second;
        problem.line = lines.line_of(problem.where, root_of(file->name));
    }
}

bool has_errors(const Problems& problems) {
    return std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return !p.warning; });
}

}  // namespace

std::vector<std::pair<int, std::string>> options_in(std::string_view text) {
    std::vector<std::pair<int, std::string>> options;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        std::size_t digits = 0;
        int number = 0;
        while (digits < line.size() && digits < 2 && line[digits] >= '0' && line[digits] <= '9')
            number = number * 10 + (line[digits++] - '0');
        if (digits > 0 && digits + 1 < line.size() && line[digits] == ' ')
            options.emplace_back(number, std::string(line.substr(digits + 1)));
    }
    return options;
}

LoadedContent load_content(const std::vector<ContentFile>& files) {
    LoadedContent loaded;
    Problems& problems = loaded.problems;
    auto content = std::make_shared<Content>();
    auto ears = Ears::load(files);
    if (ears)
        content->ears = std::make_shared<const Ears>(std::move(*ears));
    else
        problems = ears.error();
    load_line(files, *content, problems);
    load_texts(files, *content, problems);
    for (const ContentFile& file : files)
        if (is_flow_file(file))
            load_flow(file, *content, problems);
        else if (file.name == "coverage.json")
            load_coverage(file, *content, problems);
    for (const auto& [_, flow] : content->flows) index_flow(flow, *content, problems);

    ContentFiles names;
    for (const ContentFile& file : files)
        if (file.name == "lexicon/situation.json") names.situation_lexicon = file.text;
    check_names(*content, names, problems);
    check_ways(*content, names, problems);
    check_texts(*content, names, problems);
    check_questions(*content, names, problems);
    check_danger(*content, names, problems);
    check_coverage(*content, problems);
    find_lines(files, problems);
    if (has_errors(problems)) return loaded;
    for (auto& [_, flow] : content->flows)
        for (auto& [id, step] : flow.steps) add_labels(*content, step);
    loaded.content = std::move(content);
    return loaded;
}

}  // namespace bot
