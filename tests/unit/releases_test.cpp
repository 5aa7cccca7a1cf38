#include "bot/releases.hpp"

#include <doctest.h>

#include <nlohmann/json.hpp>

#include "bot/content.hpp"
#include "fixture.hpp"

// Flows that change while conversations are under way.

namespace {

using nlohmann::json;

// The fixture with slip.json changed.
std::shared_ptr<const bot::Content> changed(void (*change)(json& slip)) {
    auto files = fixture::files();
    for (bot::ContentFile& file : files) {
        if (file.name != "slip.json") continue;
        json slip = json::parse(file.text);
        change(slip);
        file.text = slip.dump();
    }
    auto loaded = bot::load_content(files);
    for (const bot::Problem& problem : loaded.problems) CAPTURE(to_string(problem));
    REQUIRE(loaded.content != nullptr);
    return loaded.content;
}

// The second step has another name in version 2.
void rename_second_step(json& slip) {
    std::string text = slip.dump();
    for (auto at = text.find("\"S2\""); at != std::string::npos; at = text.find("\"S2\"", at))
        text.replace(at, 4, "\"S2_new\"");
    slip = json::parse(text);
    slip["version"] = 2;
}

bot::Engine engine_of(const bot::Releases& releases) {
    return bot::Engine(releases, fixture::line_settings(), fixture::five_hours_west);
}

bot::Releases reloaded(const bot::Releases& before, const std::shared_ptr<const bot::Content>& next) {
    auto after = before.succeeded_by(next);
    REQUIRE(after.has_value());
    return *after;
}

bot::Releases after_reload() { return reloaded(fixture::content(), changed(rename_second_step)); }

int version_said(const bot::Turn& turn) {
    for (const bot::Effect& effect : turn.effects)
        if (const auto* text = std::get_if<bot::SendText>(&effect)) return text->said_by.version;
    return 0;
}

}  // namespace

TEST_CASE("releases: a conversation under way finishes on the version it began") {
    fixture::Chat begun;
    begun.text("i slipped last night");
    REQUIRE(begun.place() == "slip/S1");

    const bot::Engine engine = engine_of(after_reload());
    fixture::Chat after(engine, begun.now);
    after.state = begun.state;
    CHECK(after.text("1") == "SLP.2");
    CHECK(after.place() == "slip/S2");
    CHECK(version_said(after.last) == 1);

    fixture::Chat fresh(engine, begun.now);
    fresh.text("i slipped last night");
    fresh.text("1");
    CHECK(fresh.place() == "slip/S2_new");
    CHECK(version_said(fresh.last) == 2);
}

TEST_CASE("releases: the same person's next conversation is on the new version") {
    fixture::Chat begun;
    begun.text("i slipped last night");
    const bot::Engine engine = engine_of(after_reload());
    fixture::Chat after(engine, begun.now);
    after.state = begun.state;
    after.text("menu");  // no flow that changed is on the stack any more
    after.text("i slipped last night");
    after.text("1");
    CHECK(after.place() == "slip/S2_new");
}

TEST_CASE("releases: a place kept for later is come back to as it was") {
    fixture::Chat begun;
    begun.text("i slipped last night");
    begun.wait(std::chrono::minutes{15});
    REQUIRE(begun.state.parked.has_value());
    const bot::Releases releases = after_reload();
    CHECK(&releases.of(begun.state) != &releases.newest());
    CHECK(releases.of(begun.state).flows.at("slip").version == 1);
}

TEST_CASE("releases: what is heard is the newest's, on every version") {
    const bot::Releases releases = after_reload();
    fixture::Chat begun;
    begun.text("i slipped last night");
    CHECK(releases.of(begun.state).ears == releases.newest().ears);
    CHECK(fixture::content()->ears != releases.newest().ears);
}

TEST_CASE("releases: a flow that changed under its old number is refused, and named") {
    const auto silent = changed([](json& slip) {
        rename_second_step(slip);
        slip["version"] = 1;
    });
    const auto refused = bot::Releases(fixture::content()).succeeded_by(silent);
    REQUIRE(refused.has_error());
    REQUIRE(refused.error().size() == 1);
    CHECK(refused.error()[0].file == "slip.json");
    CHECK(refused.error()[0].what.find("its version is still 1; raise it") != std::string::npos);

    CHECK(bot::Releases(fixture::content()).succeeded_by(changed([](json&) {})).has_value());
    const bot::Releases later = after_reload();
    CHECK(later.succeeded_by(fixture::content()).has_value());  // back to what was before, number and all
    CHECK(later.succeeded_by(silent).has_error());
}

TEST_CASE("releases: only so many are kept, and a place of an older one is dropped kindly") {
    fixture::Chat begun;
    begun.text("i slipped last night");
    bot::Releases releases = after_reload();
    for (std::size_t i = 0; i < bot::Releases::kMostOlder; ++i)
        releases = reloaded(releases, changed(rename_second_step));
    CHECK(releases.size() == bot::Releases::kMostOlder + 1);
    const bot::Engine engine = engine_of(releases);
    fixture::Chat after(engine, begun.now);
    after.state = begun.state;
    CHECK_FALSE(after.text("1").empty());
    CHECK_FALSE(after.last.decided_by == "engine_error");
}
