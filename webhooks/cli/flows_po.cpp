#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "bot/flow_walk.hpp"
#include "bot/po.hpp"
#include "webhooks/cli/cli.hpp"
#include "webhooks/cli/flows.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/cli/transcripts.hpp"

namespace webhooks::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* kLanguage = "es";
constexpr const char* kEnglishFile = "texts/en.json";
constexpr const char* kSpanishFile = "texts/es.json";
constexpr std::string_view kVariants[]{"no_staff", "plain"};

/// Texts by what a PO file calls them: "WEL.1", "WEL.1/no_staff"; in the order of the file.
using Texts = std::vector<std::pair<std::string, std::string>>;

Texts texts_in(const ordered_json& file) {
    Texts texts;
    for (const auto& [id, value] : file.items()) {
        if (id == "$schema") continue;
        texts.emplace_back(id, value.is_string() ? value : value.at("text"));
        for (const std::string_view variant : kVariants)
            if (value.is_object() && value.contains(variant))
                texts.emplace_back(id + "/" + std::string(variant), value.at(variant));
    }
    return texts;
}

void put_text(ordered_json& file, const std::string& context, const std::string& text) {
    const std::size_t slash = context.find('/');
    const std::string variant = slash == std::string::npos ? "text" : context.substr(slash + 1);
    ordered_json& value = file[context.substr(0, slash)];
    if (variant != "text" && value.is_string()) value = {{"text", std::string(value)}};
    if (variant == "text" && !value.is_object())
        value = text;
    else
        value[variant] = text;
}

/// Where texts are said, for the translator to look up.
std::map<std::string, std::vector<std::string>> places_of_texts(const bot::Content& content) {
    std::map<std::string, std::vector<std::string>> places;
    bot::FlowVisitor visitor;
    visitor.say = [&](const std::string& where, const bot::Step*, const bot::Say& say) {
        for (const bot::SayItem& item : say) places[item.text_id].push_back(where);
    };
    for (const auto& [_, flow] : content.flows) walk(flow, visitor);
    return places;
}

/// One flows directory, checked, and its texts as they are written.
struct Catalogue {
    std::vector<bot::ContentFile> files;
    std::shared_ptr<const bot::Content> content;
    ordered_json english, spanish;

    [[nodiscard]] bool load(const fs::path& directory) {
        content = load_flows_or_complain(directory);
        auto read = read_flows_dir(directory);
        if (content == nullptr || !read) return false;
        files = std::move(*read);
        english = ordered_json::parse(file(kEnglishFile).text);
        spanish = ordered_json::parse(file(kSpanishFile).text);
        return true;
    }
    [[nodiscard]] bot::ContentFile& file(std::string_view name) {
        return *std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == name; });
    }
};

/// The English that a translation was made from: what the last export says, unless the translation is newer.
std::string translated_from(const bot::PoEntry* last, const std::string& english,
                            const std::string& spanish) {
    if (last == nullptr || last->translation != spanish) return english;
    return last->fuzzy && last->previous ? *last->previous : last->source;
}

bot::PoFile catalogue_of(const Catalogue& flows, const bot::PoFile& last) {
    std::map<std::string, const bot::PoEntry*> before;
    for (const bot::PoEntry& entry : last.entries) before[entry.context] = &entry;
    const Texts spanish_texts = texts_in(flows.spanish);
    const std::map<std::string, std::string> spanish(spanish_texts.begin(), spanish_texts.end());
    const auto places = places_of_texts(*flows.content);
    bot::PoFile file;
    file.language = kLanguage;
    for (const auto& [context, english] : texts_in(flows.english)) {
        bot::PoEntry entry;
        entry.context = context;
        entry.source = english;
        if (const auto found = spanish.find(context); found != spanish.end())
            entry.translation = found->second;
        const std::string id = context.substr(0, context.find('/'));
        entry.notes.push_back("at most " + std::to_string(flows.content->find_text(id)->segments) +
                              " SMS segments; keep {names} and the numbers of options as they are");
        if (context.ends_with("/no_staff")) entry.notes.push_back("said by a line without people on call");
        if (context.ends_with("/plain"))
            entry.notes.push_back("said when a carrier filtered the text: no drug's name");
        if (const auto said = places.find(id); said != places.end()) entry.places = said->second;
        const auto old = before.find(context);
        const std::string from =
            translated_from(old == before.end() ? nullptr : old->second, english, entry.translation);
        if (from != english) {
            entry.fuzzy = true;
            entry.previous = from;
        }
        file.entries.push_back(std::move(entry));
    }
    return file;
}

/// What an import takes, and what it leaves for a person.
class Import {
public:
    Import(Catalogue& flows, const std::string& name, const bot::PoFile& po) : flows_(flows), name_(name) {
        if (po.language != kLanguage)
            problems_.push_back(
                {name, "", "is for the language \"" + po.language + "\"; es is taken", false, 1});
        const Texts english_texts = texts_in(flows.english), spanish_texts = texts_in(flows.spanish);
        english_.insert(english_texts.begin(), english_texts.end());
        spanish_.insert(spanish_texts.begin(), spanish_texts.end());
        for (const bot::PoEntry& entry : po.entries) take(entry);
        if (problems_.empty()) check();
    }
    [[nodiscard]] const bot::Problems& problems() const noexcept { return problems_; }
    [[nodiscard]] const std::string& result() const noexcept { return result_; }
    [[nodiscard]] std::size_t changed() const noexcept { return lines_.size(); }
    [[nodiscard]] std::size_t left() const noexcept { return left_; }

private:
    void error(const bot::PoEntry& entry, std::string what) {
        problems_.push_back({name_, entry.context, std::move(what), false, entry.line});
    }

    void take(const bot::PoEntry& entry) {
        const auto english = english_.find(entry.context);
        if (english == english_.end()) {
            error(entry, std::string("there is no such text in ") + kEnglishFile);
            return;
        }
        if (entry.fuzzy || entry.translation.empty() || entry.source != english->second) {
            ++left_;
            return;
        }
        const auto spanish = spanish_.find(entry.context);
        if (spanish != spanish_.end() && spanish->second == entry.translation) return;
        put_text(flows_.spanish, entry.context, entry.translation);
        lines_[entry.context] = entry.line;
    }

    /// The whole flows with the new texts must still check: lengths, placeholders, options, numbers to call.
    void check() {
        bot::ContentFile& file = flows_.file(kSpanishFile);
        const bool narrow = file.text.starts_with("{\n \"");
        result_ = flows_.spanish.dump(narrow ? 1 : 2) + "\n";
        file.text = result_;
        for (bot::Problem problem : bot::load_content(flows_.files).problems) {
            if (problem.warning) continue;
            if (const auto line = lines_.find(problem.where);
                problem.file == kSpanishFile && line != lines_.end()) {
                problem.file = name_;
                problem.line = line->second;
            }
            problems_.push_back(std::move(problem));
        }
    }

    Catalogue& flows_;
    std::string name_;
    std::map<std::string, std::string> english_, spanish_;
    std::map<std::string, std::size_t> lines_;  ///< of the PO file, by text that changed
    std::size_t left_ = 0;
    std::string result_;
    bot::Problems problems_;
};

int refuse(const bot::Problems& problems) {
    for (const bot::Problem& problem : problems) std::cerr << to_string(problem) << '\n';
    std::cerr << "nothing was changed\n";
    return kFoundWrong;
}

}  // namespace

int export_po(const fs::path& directory, const fs::path& out) {
    Catalogue flows;
    if (!flows.load(directory)) return kBadConfig;
    bot::PoFile last;
    std::error_code ignored;
    if (fs::exists(out, ignored)) last = bot::parse_po(out.string(), read_file(out).value_or("\xFF"));
    if (!last.problems.empty()) return refuse(last.problems);
    const bot::PoFile file = catalogue_of(flows, last);
    if (!replace_file(out, bot::write_po(file))) return refuse({{out.string(), "", "cannot be written"}});
    const auto stale =
        std::count_if(file.entries.begin(), file.entries.end(), [](const auto& e) { return e.fuzzy; });
    std::cout << out.string() << ": " << file.entries.size() << " texts, " << stale
              << " stale (the English has changed since the last export)\n";
    return kDone;
}

int import_po(const fs::path& directory, const fs::path& in) {
    Catalogue flows;
    if (!flows.load(directory)) return kBadConfig;
    const auto text = read_file(in);
    if (!text) return refuse({{in.string(), "", "cannot be read"}});
    const bot::PoFile po = bot::parse_po(in.string(), *text);
    if (!po.problems.empty()) return refuse(po.problems);
    const Import import(flows, in.string(), po);
    if (!import.problems().empty()) return refuse(import.problems());
    const fs::path target = directory / kSpanishFile;
    if (import.changed() > 0 && !replace_file(target, import.result()))
        return refuse({{target.string(), "", "cannot be written"}});
    std::cout << target.string() << ": " << import.changed() << " texts changed, " << import.left()
              << " left as they were (fuzzy, not translated, or of an older English)\n";
    return kDone;
}

}  // namespace webhooks::cli
