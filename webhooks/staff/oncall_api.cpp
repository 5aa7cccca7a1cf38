#include "webhooks/staff/oncall_api.hpp"

#include <algorithm>

#include "bot/redact.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/coverage.hpp"
#include "webhooks/oncall/staff_news.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using oncall::Roster;
using store::StoreTx;

constexpr std::chrono::days kAhead{14};

/// Another call for the same person within this time is the same test.
constexpr std::chrono::minutes kBetweenTests{1};

Refusal nobody(std::string_view field) {
    return {422, "nobody_of_that_name", "Not a name of the on-call roster: " + std::string(field), {}, {},
            {}};
}

json render_override(const bot::Override& one) {
    return {{"schedule", one.schedule},
            {"person", one.person},
            {"instead_of", one.instead_of},
            {"from", iso_time(one.from)},
            {"until", iso_time(one.until)}};
}

bot::Override read_override(Fields& fields) {
    bot::Override other;
    other.schedule = fields.text("schedule", 1, 64);
    other.person = fields.text("person", 1, 64);
    other.instead_of = fields.maybe_text("instead_of", 64).value_or("");
    other.from = fields.time("from");
    other.until = fields.time("until");
    return other;
}

json ladder_of(bot::Priority priority, const bot::EscalationPolicy& policy) {
    json rungs = json::array();
    for (const bot::Rung& rung : policy.rungs)
        rungs.push_back(
            {{"after_s", rung.after.count()}, {"page", rung.page}, {"tell_texter", rung.tell_texter}});
    return {{"priority", bot::to_string(priority)},
            {"rungs", std::move(rungs)},
            {"repeat_every_s", policy.repeat_every.count()}};
}

/// Shifts of the coming days, and who is on call now: of all schedules, or without one the first rung's
/// people.
void put_shifts(json& view, const Roster& roster, const oncall::Known& known, bot::TimePoint now) {
    bot::Rota rota = roster.rota;
    rota.overrides.insert(rota.overrides.end(), known.overrides.begin(), known.overrides.end());
    json shifts = json::array();
    json next = json::array();
    json present = json::array();
    for (const bot::Schedule& schedule : rota.schedules) {
        for (const bot::Slot& slot : rota.slots(schedule.name, now, now + kAhead, roster.utc_offset)) {
            for (const std::string& name : slot.people) {
                const bool begun = slot.from <= now;
                if (begun) present.push_back(name);
                if (!begun && next.size() < 6)
                    next.push_back({{"name", name}, {"from", iso_time(slot.from)}});
                shifts.push_back({{"name", name},
                                  {"from", iso_time(slot.from)},
                                  {"until", iso_time(slot.until)},
                                  {"schedule", schedule.name}});
            }
        }
    }
    const auto& rungs = roster.policy(bot::Priority::p0).rungs;
    if (rota.schedules.empty() && !rungs.empty()) present = rungs.front().page;
    view["shifts"] = std::move(shifts);
    view["next"] = std::move(next);
    view["now"] = std::move(present);
}

json view_of(const Roster& roster, const oncall::Known& known, const std::string& zone, bot::TimePoint now) {
    json people = json::array();
    for (const bot::Responder& person : roster.people) {
        const store::ResponderRow* row = known.of(person.name);
        people.push_back({{"name", person.name},
                          {"number", bot::mask_number(person.phone)},
                          {"stopped_at", iso_time(row == nullptr ? std::nullopt : row->stopped_at)},
                          {"heard_at", iso_time(row == nullptr ? std::nullopt : row->heard_at)}});
    }
    json schedules = json::array();
    for (const bot::Schedule& schedule : roster.rota.schedules) schedules.push_back(schedule.name);
    json overrides = json::array();
    for (const bot::Override& one : known.overrides) overrides.push_back(render_override(one));
    json gaps = json::array();
    for (const oncall::Gap& gap : oncall::gaps_of(roster, known, now, now + kAhead, now))
        gaps.push_back({{"target", gap.target},
                        {"from", iso_time(gap.from)},
                        {"until", iso_time(gap.until)},
                        {"why", gap.why}});
    json ladders = json::array();
    for (const auto priority : {bot::Priority::p0, bot::Priority::p1, bot::Priority::p2, bot::Priority::p3})
        ladders.push_back(ladder_of(priority, roster.policy(priority)));
    json view{
        {"time_zone", zone},       {"people", std::move(people)},       {"schedules", std::move(schedules)},
        {"gaps", std::move(gaps)}, {"overrides", std::move(overrides)}, {"ladders", std::move(ladders)}};
    put_shifts(view, roster, known, now);
    return view;
}

/// For oneself, or with the right to plan for everybody.
bool may_decide_for(const Call& call, const std::string& person) {
    return person == call.caller.actor.name || call.caller.actor.may.has(Permission::manage_oncall);
}

Response only_oneself() { return refuse(403, "not_permitted", "For others it needs manage_oncall."); }

}  // namespace

void OnCallApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (OnCallApi::*)(const Call&);
    const auto route = [&](std::string method, std::string path, Method handle) {
        routes.push_back({std::move(method), "/api/v1" + path, Permission::read_oncall, false,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    route("GET", "/oncall", &OnCallApi::show);
    route("POST", "/oncall/overrides", &OnCallApi::override_shift);
    route("POST", "/oncall/overrides/remove", &OnCallApi::remove_override);
    route("POST", "/oncall/test-page", &OnCallApi::test_page);
}

asio::awaitable<Response> OnCallApi::show(const Call&) {
    const bot::TimePoint now = net::now();
    const std::function<oncall::Known(StoreTx&)> look = [now](StoreTx& tx) {
        return oncall::known_now(tx, now);
    };
    const auto known = co_await write_to<oncall::Known>(parts_, look);
    if (!known) co_return store_down();
    const std::string zone = parts_.line->engine->get()->line().time_zone;
    co_return answer(200, view_of(parts_.line->roster, *known, zone, now));
}

asio::awaitable<Response> OnCallApi::override_shift(const Call& call) {
    Fields fields(call.body);
    const bot::Override other = read_override(fields);
    const Roster& roster = parts_.line->roster;
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (!may_decide_for(call, other.person)) co_return only_oneself();
    if (roster.rota.schedule(other.schedule) == nullptr)
        co_return refuse(422, "no_such_schedule", "Not a schedule of the configuration.");
    if (roster.by_name(other.person) == nullptr) co_return refuse(nobody("person"));
    if (!other.instead_of.empty() && roster.by_name(other.instead_of) == nullptr)
        co_return refuse(nobody("instead_of"));
    if (other.until <= other.from || other.until <= net::now() ||
        other.until - other.from > std::chrono::days{60})
        co_return refuse(422, "bad_time", "From earlier to later, not past, at most 60 days.");
    const std::function<bool(StoreTx&)> work = [other, who = call.caller.actor](StoreTx& tx) {
        tx.add_override(other);
        tx.publish("oncall.changed", "{}", net::now());
        write_audit(tx, who, "oncall_override",
                    other.person + " for " + other.schedule + " until " + iso_time(other.until));
        return true;
    };
    const auto added = co_await write_to<bool>(parts_, work);
    if (!added) co_return store_down();
    co_return answer(201, render_override(other));
}

/// Named by what it says: two that say the same are one.
asio::awaitable<Response> OnCallApi::remove_override(const Call& call) {
    Fields fields(call.body);
    const bot::Override gone = read_override(fields);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (!may_decide_for(call, gone.person)) co_return only_oneself();
    const std::function<bool(StoreTx&)> work = [gone, who = call.caller.actor](StoreTx& tx) {
        if (!tx.remove_override(gone)) return false;
        tx.publish("oncall.changed", "{}", net::now());
        write_audit(tx, who, "oncall_override_removed",
                    gone.person + " for " + gone.schedule + " until " + iso_time(gone.until));
        return true;
    };
    const auto removed = co_await write_to<bool>(parts_, work);
    if (!removed) co_return store_down();
    co_return *removed ? done() : not_found();
}

asio::awaitable<Response> OnCallApi::test_page(const Call& call) {
    Fields fields(call.body);
    const std::string person = fields.text("person", 1, 64);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (!may_decide_for(call, person)) co_return only_oneself();
    const Roster& roster = parts_.line->roster;
    const bot::Responder* who = roster.by_name(person);
    if (who == nullptr) co_return refuse(nobody("person"));
    const bot::TimePoint now = net::now();
    const auto round = now.time_since_epoch() / kBetweenTests;
    const std::string key = "test/" + person + "/" + std::to_string(round);
    const std::function<bool(StoreTx&)> work = [&roster, who, key, now,
                                                actor = call.caller.actor](StoreTx& tx) {
        if (tx.state_of_page(key)) return false;
        oncall::text_responder(tx, roster, *who, "Test page from the dashboard: no case. Nothing to do.",
                               std::nullopt, key, now);
        write_audit(tx, actor, "test_page", who->name);
        return true;
    };
    const auto paged = co_await write_to<bool>(parts_, work);
    if (!paged) co_return store_down();
    if (!*paged) co_return refuse(429, "throttled", "They were sent one a moment ago.");
    co_return answer(202, {{"key", key}});
}

}  // namespace webhooks::staff
