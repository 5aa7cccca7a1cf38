#include "fixture.hpp"

#include <doctest.h>

#include <algorithm>
#include <iostream>

#include "bot/transcript.hpp"

namespace fixture {

namespace {

std::string said(const bot::Turn& turn) {
    std::string ids;
    for (const bot::Effect& effect : turn.effects)
        if (const auto* text = std::get_if<bot::SendText>(&effect))
            ids += (ids.empty() ? "" : " ") + text->text_id;
    return ids;
}

}  // namespace

std::shared_ptr<const bot::Content> content() {
    static const auto loaded = [] {
        auto result = bot::load_content(files());
        for (const bot::Problem& problem : result.problems) std::cerr << to_string(problem) << '\n';
        REQUIRE(result.content != nullptr);
        return result.content;
    }();
    return loaded;
}

const std::vector<bot::ContentFile>& files() {
    static const auto all = [] {
        auto files = read_flows(HANDRAIL_SOURCE_DIR "/tests/unit/fixture_flows");
        for (auto& file : read_flows(HANDRAIL_SOURCE_DIR "/flows/lexicon"))
            if (file.name == "consent.json" || file.name == "spelling.json" || file.name == "concepts.json" ||
                file.name == "model.json")
                files.push_back({"lexicon/" + file.name, std::move(file.text)});
        return files;
    }();
    return all;
}

std::chrono::seconds five_hours_west(std::string_view, bot::TimePoint) { return std::chrono::hours{-5}; }

bot::LineSettings line_settings() { return bot::transcript_line(); }

const bot::Engine& engine() {
    static const bot::Engine engine(content(), line_settings(), five_hours_west);
    return engine;
}

const bot::Engine& engine_without_staff() {
    static const bot::Engine engine(
        content(),
        [] {
            auto line = line_settings();
            line.staffed = false;
            return line;
        }(),
        five_hours_west);
    return engine;
}

std::string Chat::event(const bot::Event& event) {
    last = engine_->advance(state, event, now);
    state = last.next;
    return said(last);
}

std::string Chat::text(const std::string& body) {
    bot::MessageReceived message;
    message.text = body;
    return event(message);
}

std::string Chat::wait(std::chrono::seconds span) {
    const bot::TimePoint until = now + span;
    std::string ids;
    for (;;) {
        const auto due =
            std::min_element(state.timers.begin(), state.timers.end(),
                             [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
        if (due == state.timers.end() || due->second.due > until) break;
        now = std::max(now, due->second.due);
        const std::string more = event(bot::TimerFired{due->first, due->second.turn});
        ids += (ids.empty() || more.empty() ? "" : " ") + more;
    }
    now = until;
    return ids;
}

std::string Chat::effects() const {
    std::string all;
    for (const bot::Effect& effect : last.effects)
        if (!std::holds_alternative<bot::SendText>(effect))
            all += (all.empty() ? "" : "; ") + describe(effect);
    return all;
}

bool Chat::had(const std::string& described) const {
    return std::any_of(last.effects.begin(), last.effects.end(), [&](const bot::Effect& e) {
        return describe(e).find(described) != std::string::npos;
    });
}

std::string Chat::place() const {
    return state.stack.empty() ? "" : state.stack.back().flow + "/" + state.stack.back().step;
}

}  // namespace fixture
