#pragma once
#include <algorithm>

#include "tests/store/fixture.hpp"
#include "webhooks/oncall/responder_command.hpp"
#include "webhooks/oncall/responder_text.hpp"

namespace oncall_test {

using namespace store_test;
using namespace webhooks::oncall;

inline constexpr const char* kMaya = "+15550101";
inline constexpr const char* kLuis = "+15550102";

inline Roster maya_and_luis() {
    Roster roster;
    roster.people = {{"Maya", kMaya}, {"Luis", kLuis}};
    roster.policies.fill({{{0s, {"Maya"}, ""}, {120s, {"Maya", "Luis"}, "NOA.2"}}, 600s});
    roster.page_account = "main";
    roster.page_channel = "+15550199";
    return roster;
}

/// A case of one texter at P0, and the texts it has put into the outbox for staff.
struct Case {
    SqliteFixture db;
    Roster roster = maya_and_luis();
    ContactId texter = db.record("SM1").contact;
    std::vector<Claimed> taken;

    std::string open(bot::Priority priority) {
        return db.write([&](StoreTx& tx) {
            return open_case(tx, roster, texter, {"self_harm", priority, "wants to die", false}, kNow)
                .row.code;
        });
    }
    ResponderText answer(const std::string& name, const std::string& text, std::int64_t inbound,
                         bool danger = false) {
        return db.write([&](StoreTx& tx) {
            return answer_responder(tx, roster, *roster.by_name(name), {text, inbound, danger, false},
                                    kNow + 30s);
        });
    }
    Climbed climb(TimePoint at) {
        return db.write([&](StoreTx& tx) { return climb_due(tx, roster, at, 64); });
    }
    std::optional<Told> spoke(const std::string& by, TimePoint at) {
        return db.write([&](StoreTx& tx) { return human_spoke(tx, roster, texter, by, at); });
    }
    EscalationRow row(const std::string& code) {
        return db.write([&](StoreTx& tx) { return *tx.last_escalation_by_code(code); });
    }
    std::vector<PageRow> claim_pages(TimePoint at) {
        return db.write([&](StoreTx& tx) { return tx.claim_pages(at, 10); });
    }
    void opts_out() {
        db.write([&](StoreTx& tx) {
            raise_case(tx, roster, texter, {bot::Priority::p0, "opted out", true}, kNow + 60s);
        });
    }
    void opts_in() {
        db.write([&](StoreTx& tx) { texter_is_back(tx, roster, texter, kNow + 90s); });
    }
    /// Those not looked at before.
    std::vector<std::string> texts_to(const std::string& phone) {
        for (Claimed& page : db.write([](StoreTx& tx) { return tx.claim_due(kNow + 1h, 100); }))
            taken.push_back(std::move(page));
        return texts_seen_by(phone);
    }
    std::vector<std::string> texts_seen_by(const std::string& phone) {
        for (Claimed& page : db.write([](StoreTx& tx) { return tx.claim_due(kNow + 1h, 100); }))
            taken.push_back(std::move(page));
        std::vector<std::string> texts;
        for (const Claimed& page : taken)
            if (page.to == phone) texts.push_back(page.text);
        return texts;
    }
};

inline std::ptrdiff_t count_of(const std::vector<std::string>& texts, std::string_view words) {
    return std::ranges::count_if(texts,
                                 [&](const std::string& text) { return text.find(words) != text.npos; });
}
inline bool any_holds(const std::vector<std::string>& texts, std::string_view words) {
    return count_of(texts, words) > 0;
}

}  // namespace oncall_test
