#include <algorithm>
#include <cstring>
#include <set>

#include "webhooks/faults.hpp"
#include "webhooks/store/sqlite/tables.hpp"
#include "webhooks/store/sqlite/tx.hpp"

namespace webhooks::store::sqlite {

enum class Cases { any, urgent, others };
/// What leaves together, in order of age.
struct SendingRank {
    bot::MessageKind kind;
    Cases cases = Cases::any;
};

namespace {

using bot::MessageKind;

constexpr int kCandidatesAtOnce = 64;
constexpr TimePoint kUntilSent = TimePoint::max();
/// Pages of cases that can wait (P2, P3) go after all others: a morning full of call-backs must not hold back
/// the page for somebody in danger.
constexpr SendingRank kSendingOrder[]{{MessageKind::crisis},
                                      {MessageKind::page, Cases::urgent},
                                      {MessageKind::page, Cases::others},
                                      {MessageKind::opt_out_confirm},
                                      {MessageKind::staff},
                                      {MessageKind::reply},
                                      {MessageKind::check_in}};
static_assert(std::ranges::is_sorted(kSendingOrder, {}, &SendingRank::kind));

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

/// One of our numbers with something waiting: its due rows of one kind, a few at a time, and what it may
/// still send.
struct Tx::Line {
    std::int64_t key = 0;
    Allowance left;
    std::vector<Candidate> batch;
    std::size_t next = 0;
    bool has_more = false;

    [[nodiscard]] const Candidate& head() const { return batch[next]; }
    [[nodiscard]] bool allows(MessageKind kind) const {
        if (left.pages_only && kind != MessageKind::page) return false;
        return left.all > 0 && (is_urgent(kind) || left.others > 0);
    }
    void spend(MessageKind kind) {
        --left.all;
        if (!is_urgent(kind)) --left.others;
    }
};

/// One call of claim_due.
struct Tx::ClaimRound {
    TimePoint now;
    std::size_t limit;
    std::vector<Line> lines;
    std::vector<Claimed> claimed;
    std::vector<std::pair<Claimed, OutboxState>> closed;
    std::set<ContactId> busy;  ///< have a message under way
};

std::vector<Claimed> Tx::claim_due(TimePoint now, std::size_t limit, const AllowanceOf& allowance,
                                   const OnClosed& closed) {
    ClaimRound round{now, limit, open_lines(allowance), {}, {}, {}};
    for (const SendingRank& rank : kSendingOrder) {
        if (round.claimed.size() < limit) claim_rank(rank, round);
    }
    if (closed) {
        for (const auto& [message, state] : round.closed) closed(message, state);
    }
    return std::move(round.claimed);
}

std::int64_t Tx::line_key(std::string_view account, std::string_view channel) const {
    std::string name = "line/";
    name.append(account).append(1, '/').append(channel);
    std::int64_t key = 0;
    std::memcpy(&key, vault_.index(name).data(), sizeof key);
    return key;
}

std::vector<std::int64_t> Tx::waiting_lines() {
    std::vector<std::int64_t> keys;
    std::optional<std::int64_t> key = db_.integer("SELECT min(line) FROM outbox WHERE ready_at IS NOT NULL");
    while (key) {
        keys.push_back(*key);
        key = db_.integer("SELECT min(line) FROM outbox WHERE ready_at IS NOT NULL AND line > ?", *key);
    }
    return keys;
}

std::vector<Tx::Line> Tx::open_lines(const AllowanceOf& allowance) {
    std::vector<Line> lines;
    for (const std::int64_t key : waiting_lines()) {
        Line& line = lines.emplace_back();
        line.key = key;
        if (!allowance) continue;
        Cursor cursor = db_.query(
            "SELECT id, account, sealed FROM outbox WHERE line = ? AND ready_at IS NOT NULL LIMIT 1", key);
        cursor.next();
        Row row = cursor.row();
        const std::int64_t id = row.integer();
        const std::string account = row.text();
        auto fields = open_fields(vault_, Place(column::kOutbox, id), row.bytes());
        line.left = allowance(account, fields ? fields->take(0) : std::string{});
    }
    return lines;
}

/// The rows of all numbers in one order of age, so that where the limit cuts, it cuts the youngest.
void Tx::claim_rank(const SendingRank& rank, ClaimRound& round) {
    for (Line& line : round.lines) {
        line.batch.clear();
        line.has_more = line.allows(rank.kind) && load(line, rank, round.now);
    }
    const auto before = [](const Line& a, const Line& b) {
        if (!a.has_more || !b.has_more) return a.has_more && !b.has_more;
        return std::pair(a.head().ready_at, a.head().row.id) < std::pair(b.head().ready_at, b.head().row.id);
    };
    while (round.claimed.size() < round.limit) {
        const auto line = std::min_element(round.lines.begin(), round.lines.end(), before);
        if (line == round.lines.end() || !line->has_more) return;
        Candidate& candidate = line->batch[line->next];
        if (may_claim(candidate, round) && claim(candidate, round)) line->spend(rank.kind);
        ++line->next;
        line->has_more =
            line->allows(rank.kind) && (line->next < line->batch.size() || load(*line, rank, round.now));
    }
}

/// The next due rows of this rank after those at hand. False when there are none.
bool Tx::load(Line& line, const SendingRank& rank, TimePoint now) {
    std::vector<Candidate> found;
    const Candidate* const after = line.batch.empty() ? nullptr : &line.batch.back();
    Cursor cursor = db_.query(
        "SELECT o.id, o.contact, o.escalation, o.account, o.kind, o.attempts, o.at, o.fresh_until, "
        "o.ready_at,"
        " o.sealed, ifnull(c.consent = 5, 0)"
        " FROM outbox o LEFT JOIN contact c ON c.id = o.contact"
        " WHERE o.line = ? AND o.kind = ? AND o.ready_at <= ? AND (o.ready_at, o.id) > (?, ?)"
        " AND (?6 = 0 OR ?6 = 1 +"
        " (SELECT count(*) FROM escalation WHERE id = o.escalation AND priority >= 2))"
        " ORDER BY o.ready_at, o.id LIMIT ?",
        line.key, rank.kind, now, after ? after->ready_at : TimePoint::min(), after ? after->row.id.value : 0,
        rank.cases, kCandidatesAtOnce);
    while (cursor.next()) {
        Row row = cursor.row();
        Candidate candidate;
        candidate.row = read_claimed(row);
        candidate.ready_at = row.time();
        candidate.cell = row.text();
        candidate.opted_out = row.flag();
        found.push_back(std::move(candidate));
    }
    line.batch = std::move(found);
    line.next = 0;
    return !line.batch.empty();
}

bool Tx::may_claim(const Candidate& candidate, ClaimRound& round) {
    const std::int64_t id = candidate.row.id.value;
    if (candidate.opted_out && !goes_to_opted_out(candidate.row.kind)) {
        close_outbox_row(id, OutboxState::cancelled, "opted_out", round.now);
        return false;
    }
    if (candidate.row.fresh_until < round.now) {
        close_outbox_row(id, OutboxState::stale, {}, round.now);
        auto opened = open_claimed(vault_, candidate.row, candidate.cell);
        round.closed.emplace_back(opened ? std::move(*opened) : candidate.row, OutboxState::stale);
        return false;
    }
    if (!candidate.row.contact || !faults::is_on(faults::Guard::one_at_a_time)) return true;
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
    Cursor cursor = db_.query("SELECT id, kind, state, ready_at FROM outbox WHERE contact = ? AND state < 3",
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

bool Tx::claim(Candidate& candidate, ClaimRound& round) {
    const std::int64_t id = candidate.row.id.value;
    auto claimed = open_claimed(vault_, candidate.row, candidate.cell);
    if (!claimed) {  // one damaged row must not stop everybody's messages
        close_outbox_row(id, OutboxState::failed, "unreadable", round.now);
        round.closed.emplace_back(candidate.row, OutboxState::failed);
        return false;
    }
    ++claimed->attempts;
    db_.run(
        "UPDATE outbox SET state = 1, ready_at = NULL, attempts = attempts + 1, updated_at = ? WHERE id = ?",
        round.now, id);
    if (claimed->contact) round.busy.insert(*claimed->contact);
    round.claimed.push_back(std::move(*claimed));
    return true;
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
        " WHERE state < 3 AND state = 1 ORDER BY id");
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
    for (const std::int64_t line : waiting_lines()) {
        for (const SendingRank& rank : kSendingOrder) {
            if (rank.cases == Cases::others) continue;  // asked for with its kind
            const auto ready = db_.integer(
                "SELECT min(ready_at) FROM outbox WHERE line = ? AND kind = ? AND ready_at IS NOT NULL", line,
                rank.kind);
            if (ready && (!next || bot::from_millis(*ready) < *next)) next = bot::from_millis(*ready);
        }
    }
    return next;
}

}  // namespace webhooks::store::sqlite
