#include "fixture.hpp"

#include <map>
#include <set>

using namespace store_test;
using bot::MessageKind;

namespace {

using Texts = std::vector<std::string>;
using Allowances = std::map<std::string, Allowance>;

/// Queues a text that leaves by that number and waits for no other of its contact.
template <class Backend>
void queue(Backend& db, const std::string& text, const std::string& channel,
           MessageKind kind = MessageKind::reply, TimePoint due = kNow, const std::string& account = "main") {
    NewOutbound message = outbound({}, text, kind, due);
    message.contact.reset();
    message.account = account;
    message.channel = channel;
    message.fresh_until = kNow + 10min;
    db.write([&](StoreTx& tx) { tx.enqueue(message); });
}

/// What is claimed when these numbers have an allowance, the others none.
template <class Backend>
Texts claim(Backend& db, const Allowances& allowances, std::size_t limit = 64) {
    const auto claimed = db.write([&](StoreTx& tx) {
        return tx.claim_due(kNow, limit, [&](std::string_view account, std::string_view channel) {
            const auto found = allowances.find(std::string(account) + std::string(channel));
            return found == allowances.end() ? Allowance{0, 0} : found->second;
        });
    });
    Texts texts;
    for (const Claimed& one : claimed) texts.push_back(one.text);
    return texts;
}

}  // namespace

HANDRAIL_STORE_TEST("a number sends no more than its allowance, the oldest first") {
    Backend db;
    for (int i = 0; i < 5; ++i)
        queue(db, std::to_string(i), "+15550199", MessageKind::reply, kNow - 5s + i * 1s);
    CHECK(claim(db, {{"main+15550199", {2, 2}}}) == Texts{"0", "1"});
    CHECK(claim(db, {}) == Texts{});
    CHECK(claim(db, {{"main+15550199", {9, 1}}}) == Texts{"2"});
    CHECK(claim(db, {{"main+15550199", {1, 9}}}) == Texts{"3"});
    CHECK(claim(db, {{"main+15550199", {9, 9}}}) == Texts{"4"});
}

HANDRAIL_STORE_TEST("what waits for its allowance holds back no other number") {
    Backend db;
    for (int i = 0; i < 300; ++i) queue(db, "backlog", "+15550198", MessageKind::reply, kNow - 1h);
    queue(db, "other number", "+15550199");
    queue(db, "other account", "+15550198", MessageKind::reply, kNow, "second");
    const Allowances allowances{{"main+15550199", {9, 9}}, {"second+15550198", {9, 9}}};
    CHECK(claim(db, allowances) == Texts{"other number", "other account"});
    CHECK(claim(db, {{"main+15550198", {3, 3}}}) == Texts(3, "backlog"));
}

HANDRAIL_STORE_TEST("the part of an allowance kept for urgent texts is not spent on others") {
    Backend db;
    for (int i = 0; i < 3; ++i) queue(db, "reply", "+15550199", MessageKind::reply, kNow - 1h);
    CHECK(claim(db, {{"main+15550199", {3, 1}}}) == Texts{"reply"});
    CHECK(claim(db, {{"main+15550199", {3, 0}}}) == Texts{});
    queue(db, "page", "+15550199", MessageKind::page);
    queue(db, "crisis", "+15550199", MessageKind::crisis);
    queue(db, "confirm", "+15550199", MessageKind::opt_out_confirm);
    CHECK(claim(db, {{"main+15550199", {2, 1}}}) == Texts{"crisis", "page"});
    CHECK(claim(db, {{"main+15550199", {3, 1}}}) == Texts{"confirm", "reply"});
}

HANDRAIL_STORE_TEST("where the limit cuts, it cuts the youngest of all numbers") {
    Backend db;
    queue(db, "b0", "+15550198", MessageKind::reply, kNow - 4s);
    queue(db, "a0", "+15550199", MessageKind::reply, kNow - 3s);
    queue(db, "b1", "+15550198", MessageKind::reply, kNow - 2s);
    queue(db, "a1", "+15550199", MessageKind::reply, kNow - 1s);
    const Allowances both{{"main+15550198", {9, 9}}, {"main+15550199", {9, 9}}};
    CHECK(claim(db, both, 3) == Texts{"b0", "a0", "b1"});
    CHECK(claim(db, both, 3) == Texts{"a1"});
}

HANDRAIL_STORE_TEST("the allowance is asked once for each number that has something waiting") {
    Backend db;
    queue(db, "one", "+15550198");
    queue(db, "two", "+15550198");
    queue(db, "three", "+15550199");
    std::multiset<std::string> asked;
    db.write([&](StoreTx& tx) {
        (void)tx.claim_due(kNow, 64, [&](std::string_view account, std::string_view channel) {
            asked.insert(std::string(account) + " " + std::string(channel));
            return Allowance{9, 9};
        });
    });
    CHECK(asked == std::multiset<std::string>{"main +15550198", "main +15550199"});
    CHECK(db.write([&](StoreTx& tx) { return tx.next_outbox_due(); }) == std::nullopt);
}
