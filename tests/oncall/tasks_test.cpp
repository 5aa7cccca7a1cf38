// What is to be done at a time of its own, and what can wait until working hours.
#include "bot/task_kind.hpp"
#include "tests/oncall/case.hpp"

using namespace oncall_test;
using bot::TaskKind;

namespace {

const bot::UtcOffset kUtc = [](std::string_view, TimePoint) { return 0s; };

// 9 October 2025, a Thursday, 8:53 in UTC.
TimePoint at(int day, std::chrono::minutes of_day) {
    return std::chrono::sys_days{std::chrono::year{2025} / 10 / day} + of_day;
}

struct ByDay : Case {
    ByDay() {
        roster.working_hours = bot::WorkingHours{0x1f, 9h, 17h, "UTC"};
        roster.utc_offset = kUtc;
        roster.policies[3] = {{{0s, {"Maya"}, ""}, {24h, {"Luis"}, ""}}, 24h};
    }
    /// How many pages have left for them up to then.
    std::ptrdiff_t pages_to(const std::string& phone, TimePoint until) {
        for (Claimed& page : db.write([&](StoreTx& tx) { return tx.claim_due(until, 100); }))
            taken.push_back(std::move(page));
        return std::ranges::count_if(
            taken, [&](const Claimed& one) { return one.to == phone && one.text.starts_with("P3 case"); });
    }
};

bot::BookTask call_at(TimePoint from) {
    return {TaskKind::call_back, from, from, from - 15min, from + 10min, "thurs 3pm"};
}

std::vector<TaskRow> open_tasks(Case& one) {
    return one.db.read([](StoreReader& reader) { return reader.tasks().open_tasks(10); });
}

}  // namespace

TEST_CASE("working hours: P3 pages nobody before they begin, and its steps count from then") {
    ByDay waits;
    const std::string code = waits.open(bot::Priority::p3);
    CHECK(waits.pages_to(kMaya, at(9, 9h)) == 0);
    CHECK(waits.row(code).ladder.next_due == at(9, 9h));
    CHECK(waits.climb(at(9, 9h) - 1s).ladders == 0);
    CHECK(waits.climb(at(9, 9h)).ladders == 1);
    CHECK(waits.pages_to(kMaya, at(9, 9h)) == 1);
    CHECK(waits.climb(at(10, 9h) - 1s).ladders == 0);
    CHECK(waits.climb(at(10, 9h)).ladders == 1);
    CHECK(waits.pages_to(kLuis, at(10, 9h)) == 1);
    // The daily repeat falls on a Saturday: Monday is soon enough.
    CHECK(waits.climb(at(11, 9h)).ladders == 1);
    CHECK(waits.pages_to(kMaya, at(11, 9h)) == 1);
    CHECK(waits.row(code).ladder.next_due == at(13, 9h));
    CHECK(waits.climb(at(13, 9h)).ladders == 1);
    CHECK(waits.pages_to(kMaya, at(13, 9h)) == 2);
}

TEST_CASE("working hours: danger keeps none, nor does what becomes danger") {
    ByDay waits;
    waits.open(bot::Priority::p3);
    waits.db.write([&](StoreTx& tx) {
        raise_case(tx, waits.roster, waits.texter, {bot::Priority::p1, "wants to die", false}, kNow);
    });
    CHECK(count_of(waits.texts_to(kMaya), "P1 case") == 1);
}

TEST_CASE("tasks: one of each kind is open, the newer takes its place, and due ones come by their time") {
    Case one;
    one.db.write([&](StoreTx& tx) {
        tx.tasks().book(one.texter, call_at(kNow + 24h), kNow);
        tx.tasks().book(one.texter, call_at(kNow + 2h), kNow + 1s);
        tx.tasks().book(one.texter, {TaskKind::missed_visit, kNow, {}, kNow + 30h, {}, {}}, kNow + 2s);
    });
    const auto open = open_tasks(one);
    REQUIRE(open.size() == 2);
    CHECK(open[0].kind == TaskKind::missed_visit);
    CHECK(open[1].from == kNow + 2h);
    CHECK(open[1].words == "thurs 3pm");
    one.db.reopen();
    const auto due = [&](TimePoint now) {
        return one.db.write([&](StoreTx& tx) { return tx.tasks().due(now, 10); });
    };
    CHECK(due(kNow + 2h - 16min).empty());
    REQUIRE(due(kNow + 2h - 15min).size() == 1);
    const TaskRow call = due(kNow + 2h - 15min).front();
    one.db.write([&](StoreTx& tx) { tx.tasks().paged(call.id, call.late_at, kNow + 2h); });
    CHECK(due(kNow + 2h).empty());
    CHECK(due(kNow + 2h + 10min).size() == 1);
    one.db.write([&](StoreTx& tx) {
        CHECK(tx.tasks().end(one.texter, TaskKind::call_back, bot::TaskEnd::done, "Maya", kNow + 3h));
        CHECK_FALSE(tx.tasks().end(one.texter, TaskKind::call_back, bot::TaskEnd::done, "Maya", kNow + 3h));
    });
    CHECK(due(kNow + 24h).empty());
    CHECK(open_tasks(one).size() == 1);
}

TEST_CASE("tasks: a promise that is late before anybody works again speaks then, not when they do") {
    Case one;
    bot::BookTask sunday = call_at(kNow + 2h);
    sunday.page_at = kNow + 20h;
    one.db.write([&](StoreTx& tx) { tx.tasks().book(one.texter, sunday, kNow); });
    CHECK(open_tasks(one).front().next_at == kNow + 2h + 10min);
}

TEST_CASE("tasks: who is forgotten has none left") {
    Case one;
    one.db.write([&](StoreTx& tx) {
        tx.tasks().book(one.texter, call_at(kNow + 2h), kNow);
        tx.erase_words(one.texter, true, kNow);
    });
    CHECK(open_tasks(one).empty());
}

TEST_CASE("tasks: a case that is closed ends what was due, and a call for next week stays") {
    Case one;
    const std::string code = one.open(bot::Priority::p3);
    const auto book = [&](TimePoint from) {
        one.db.write([&](StoreTx& tx) { tx.tasks().book(one.texter, call_at(from), kNow); });
    };
    book(kNow + 170h);
    one.answer("Maya", "done " + code, 1);
    CHECK(open_tasks(one).size() == 1);
    const std::string again = one.open(bot::Priority::p3);
    book(kNow);
    one.db.write([&](StoreTx& tx) {
        const TaskRow task = tx.tasks().open_tasks(1).front();
        tx.tasks().paged(task.id, task.late_at, kNow);
    });
    const ResponderText closed = one.answer("Maya", "done " + again + " talked for long", 2);
    CHECK_FALSE(closed.missed_call);
    CHECK(open_tasks(one).empty());
}

TEST_CASE("tasks: DONE and no answer says that the call was missed, once it was due") {
    Case one;
    const std::string code = one.open(bot::Priority::p3);
    one.db.write([&](StoreTx& tx) { tx.tasks().book(one.texter, call_at(kNow), kNow); });
    one.db.write([&](StoreTx& tx) {
        const TaskRow task = tx.tasks().open_tasks(1).front();
        tx.tasks().paged(task.id, task.late_at, kNow);
    });
    const ResponderText closed = one.answer("Maya", "done " + code + " No answer, tried twice", 2);
    CHECK(closed.missed_call == one.texter);
    const auto all = one.db.read([&](StoreReader& reader) { return reader.tasks().tasks_of(one.texter); });
    REQUIRE(all.size() == 1);
    CHECK(all[0].state == TaskState::missed);
    CHECK(all[0].ended_by == "Maya");
}

TEST_CASE("outside tools: what was told once is not told again, whatever the hook's neighbours say") {
    Case one;
    one.db.write([&](StoreTx& tx) {
        CHECK(tx.tasks().first_told("pager", "evt_1", kNow));
        CHECK_FALSE(tx.tasks().first_told("pager", "evt_1", kNow + 1h));
        CHECK(tx.tasks().first_told("pager", "evt_2", kNow));
        CHECK(tx.tasks().first_told("other", "evt_1", kNow));
        CHECK_FALSE(tx.tasks().first_told("pager", "evt_1", kNow + 24h * 29));
    });
}
