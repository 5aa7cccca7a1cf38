#include <algorithm>
#include <set>

#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

namespace {

using bot::MessageKind;

constexpr int kCandidatesAtOnce = 128;
constexpr TimePoint kUntilSent = TimePoint::max();
constexpr MessageKind kSendingOrder[]{MessageKind::crisis, MessageKind::page,  MessageKind::opt_out_confirm,
                                      MessageKind::staff,  MessageKind::reply, MessageKind::check_in};
static_assert(std::is_sorted(std::begin(kSendingOrder), std::end(kSendingOrder)));

bool goes_to_opted_out(MessageKind kind) {
    return kind == MessageKind::opt_out_confirm || kind == MessageKind::page;
}

std::optional<Claimed> open_claimed(const Vault& vault, Claimed row, std::string_view cell) {
    auto fields = open_fields(vault, Place(column::kOutbox, row.id.value), cell);
    if (!fields) return std::nullopt;
    row.channel = fields->take(0);
    row.to = fields->take(1);
    row.text = fields->take(2);
    row.page_key = fields->take(5);
    return row;
}

/// @param row  id, contact, escalation, account, kind, attempts, at, fresh_until
Claimed read_claimed(Row& row) {
    Claimed claimed;
    claimed.id = {row.integer()};
    if (const auto contact = row.maybe_integer()) claimed.contact = ContactId{*contact};
    if (const auto escalation = row.maybe_integer()) claimed.escalation = EscalationId{*escalation};
    claimed.account = row.text();
    claimed.kind = row.as<MessageKind>();
    claimed.attempts = static_cast<std::uint32_t>(row.count());
    claimed.received_at = row.time();
    claimed.fresh_until = row.time();
    return claimed;
}

}  // namespace

/// A due row that may be claimed if nothing of its contact stands in front of it.
struct Tx::Candidate {
    Claimed row;
    TimePoint ready_at;
    std::string cell;
    bool opted_out = false;
};

/// One call of claim_due.
struct Tx::ClaimRound {
    TimePoint now;
    std::size_t limit;
    std::vector<Claimed> claimed;
    std::set<ContactId> busy;  ///< have a message under way
};

std::vector<Claimed> Tx::claim_due(TimePoint now, std::size_t limit) {
    ClaimRound round{now, limit, {}, {}};
    for (const MessageKind kind : kSendingOrder) {
        if (round.claimed.size() < limit) claim_kind(kind, round);
    }
    return std::move(round.claimed);
}

void Tx::claim_kind(MessageKind kind, ClaimRound& round) {
    std::vector<Candidate> found;
    do {
        found = candidates(kind, round.now, found.empty() ? nullptr : &found.back());
        for (Candidate& candidate : found) {
            if (round.claimed.size() >= round.limit) return;
            if (may_claim(candidate, round)) claim(candidate, round);
        }
    } while (!found.empty());
}

std::vector<Tx::Candidate> Tx::candidates(MessageKind kind, TimePoint now, const Candidate* after) {
    std::vector<Candidate> found;
    Cursor cursor = db_.query(
        "SELECT o.id, o.contact, o.escalation, o.account, o.kind, o.attempts, o.at, o.fresh_until, "
        "o.ready_at,"
        " o.sealed, ifnull(c.consent = 5, 0)"
        " FROM outbox o LEFT JOIN contact c ON c.id = o.contact"
        " WHERE o.kind = ? AND o.ready_at <= ? AND (o.ready_at, o.id) > (?, ?)"
        " ORDER BY o.ready_at, o.id LIMIT ?",
        kind, now, after ? after->ready_at : TimePoint::min(), after ? after->row.id.value : 0,
        kCandidatesAtOnce);
    while (cursor.next()) {
        Row row = cursor.row();
        Candidate candidate;
        candidate.row = read_claimed(row);
        candidate.ready_at = row.time();
        candidate.cell = row.text();
        candidate.opted_out = row.flag();
        found.push_back(std::move(candidate));
    }
    return found;
}

bool Tx::may_claim(const Candidate& candidate, ClaimRound& round) {
    const std::int64_t id = candidate.row.id.value;
    if (candidate.opted_out && !goes_to_opted_out(candidate.row.kind)) {
        close_outbox_row(id, OutboxState::cancelled, "opted_out", round.now);
        return false;
    }
    if (candidate.row.fresh_until < round.now) {
        close_outbox_row(id, OutboxState::stale, {}, round.now);
        return false;
    }
    if (!candidate.row.contact) return true;
    if (round.busy.contains(*candidate.row.contact)) return false;
    const auto held = held_until(candidate);
    if (!held) return true;
    if (*held == kUntilSent) {
        round.busy.insert(*candidate.row.contact);
    } else if (*held > round.now) {
        // Out of the way until then, so that a long outage does not make every look at the queue longer.
        db_.run("UPDATE outbox SET ready_at = ? WHERE id = ?", *held, id);
    }
    return false;
}

std::optional<TimePoint> Tx::held_until(const Candidate& candidate) {
    std::optional<TimePoint> held;
    Cursor cursor =
        db_.query("SELECT id, kind, state, ready_at FROM outbox WHERE contact = ? AND state IN (0, 1, 4)",
                  candidate.row.contact->value);
    while (cursor.next()) {
        Row row = cursor.row();
        const std::int64_t id = row.integer();
        const auto kind = row.as<MessageKind>();
        const auto state = row.as<OutboxState>();
        if (state == OutboxState::wired) return kUntilSent;
        const bool waits_first = kind == candidate.row.kind;
        const bool waits_for_retry = state == OutboxState::errored && kind <= candidate.row.kind;
        if (id >= candidate.row.id.value || (!waits_first && !waits_for_retry)) continue;
        held = std::max(held.value_or(TimePoint::min()), row.time());
    }
    return held;
}

void Tx::claim(Candidate& candidate, ClaimRound& round) {
    const std::int64_t id = candidate.row.id.value;
    auto claimed = open_claimed(vault_, std::move(candidate.row), candidate.cell);
    if (!claimed) {  // one damaged row must not stop everybody's messages
        close_outbox_row(id, OutboxState::failed, "unreadable", round.now);
        return;
    }
    ++claimed->attempts;
    db_.run(
        "UPDATE outbox SET state = 1, ready_at = NULL, attempts = attempts + 1, updated_at = ? WHERE id = ?",
        round.now, id);
    if (claimed->contact) round.busy.insert(*claimed->contact);
    round.claimed.push_back(std::move(*claimed));
}

void Tx::close_outbox_row(std::int64_t id, OutboxState state, std::string_view code, TimePoint now) {
    db_.run(
        "UPDATE outbox SET state = ?, ready_at = NULL, error_code = ifnull(?, error_code), updated_at = ?"
        " WHERE id = ?",
        state, code.empty() ? std::nullopt : std::optional(code), now, id);
}

std::vector<Claimed> Tx::wired_rows() {
    std::vector<Claimed> wired;
    Cursor cursor = db_.query(
        "SELECT id, contact, escalation, account, kind, attempts, at, fresh_until, sealed FROM outbox"
        " WHERE state IN (0, 1, 4) AND state = 1 ORDER BY id");
    while (cursor.next()) {
        Row row = cursor.row();
        Claimed claimed = read_claimed(row);
        const std::string_view cell = row.bytes();
        // Even a row that cannot be read must be settled, or its contact would wait for ever.
        auto opened = open_claimed(vault_, claimed, cell);
        wired.push_back(opened ? std::move(*opened) : std::move(claimed));
    }
    return wired;
}

std::optional<TimePoint> Tx::next_outbox_due() {
    std::optional<TimePoint> next;
    for (const MessageKind kind : kSendingOrder) {
        const auto ready =
            db_.integer("SELECT min(ready_at) FROM outbox WHERE kind = ? AND ready_at IS NOT NULL", kind);
        if (ready && (!next || bot::from_millis(*ready) < *next)) next = bot::from_millis(*ready);
    }
    return next;
}

}  // namespace webhooks::store::sqlite
