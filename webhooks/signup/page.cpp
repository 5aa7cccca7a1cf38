#include "webhooks/signup/page.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "webhooks/http/ascii.hpp"
#include "webhooks/http/form.hpp"
#include "webhooks/signup/assets.hpp"

namespace webhooks::signup {

namespace {

using Words = std::map<std::string, std::string>;

std::string_view asset(std::string_view name) {
    const auto all = assets();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    if (found == all.end()) throw std::logic_error("signup: no asset " + std::string(name));
    return found->body;
}

std::string as_html(std::string_view text) {
    std::string html;
    for (const char c : text) {
        if (c == '&')
            html += "&amp;";
        else if (c == '<')
            html += "&lt;";
        else if (c == '>')
            html += "&gt;";
        else if (c == '"')
            html += "&quot;";
        else
            html += c;
    }
    return html;
}

/// Puts words in for what stands between `open` and `close`.
std::string filled(std::string_view text, std::string_view open, std::string_view close, const Words& words) {
    std::string out;
    for (;;) {
        const std::size_t at = text.find(open);
        out += text.substr(0, at);
        if (at == std::string_view::npos) return out;
        const std::size_t end = text.find(close, at);
        if (end == std::string_view::npos) throw std::logic_error("signup: a placeholder does not end");
        const std::string name(text.substr(at + open.size(), end - at - open.size()));
        const auto word = words.find(name);
        if (word == words.end()) throw std::logic_error("signup: no words for " + name);
        out += word->second;
        text.remove_prefix(end + close.size());
    }
}

Words words_of(bot::Language language, const PageFacts& facts) {
    const auto all = nlohmann::json::parse(asset("words.json"));
    Words known = facts.line;
    known["number"] = facts.number_at_home;
    known["example"] = facts.example;
    Words words;
    for (const auto& [key, text] : all.at(std::string(to_string(language))).items())
        words[key] = filled(text.get<std::string>(), "{", "}", known);
    if (!facts.staffed)
        for (const char* key : {"guide", "who_sees"}) words[key] = words.at(std::string(key) + "_no_staff");
    words["org"] = facts.line.at("org");
    words["code"] = to_string(language);
    words["sms"] = "sms:" + facts.number + "?body=START";
    return words;
}

std::string page_of(Words words, const char* kind) {
    words["kind"] = kind;
    for (auto& [_, text] : words) text = as_html(text);
    return filled(asset("page.html"), "{{", "}}", words);
}

}  // namespace

Page::Page(const PageFacts& facts) {
    for (const bot::Language language : {bot::Language::en, bot::Language::es}) {
        const Words words = words_of(language, facts);
        versions_[language] = {page_of(words, "page"), page_of(words, "embed"), words.at("consent")};
    }
}

const std::string& Page::html(bot::Language language, bool embedded) const {
    const Version& version = versions_.at(language);
    return embedded ? version.embedded : version.page;
}

const std::string& Page::consent(bot::Language language) const { return versions_.at(language).consent; }

bot::Language choose_language(std::string_view query, std::string_view accept_language) {
    const auto form = http::parse_form(query);
    const auto asked = form ? http::field(*form, "lang") : std::nullopt;
    if (const auto language = asked ? bot::parse_language(*asked) : std::nullopt) return *language;
    while (!accept_language.empty()) {
        const std::size_t end = std::min(accept_language.find(','), accept_language.size());
        std::string_view range = accept_language.substr(0, end);
        accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
        while (range.starts_with(' ')) range.remove_prefix(1);
        for (const bot::Language language : {bot::Language::en, bot::Language::es})
            if (http::equals_ignoring_case(range.substr(0, range.find_first_of("-; ")), to_string(language)))
                return language;
    }
    return bot::Language::en;
}

}  // namespace webhooks::signup
