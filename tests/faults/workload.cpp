#include "workload.hpp"

#include <boost/asio/bind_executor.hpp>

namespace faults {

namespace {

constexpr int kContacts = 5;

std::string name_of(int number) { return "SM" + std::to_string(number); }
std::string reply_to(int number) { return "reply to " + std::to_string(number); }

NewInbound text_of(int number) {
    std::string text = "text " + std::to_string(number) + " ";
    text.append(static_cast<std::size_t>(number % 7) * 150, 'x');
    return {"main", name_of(number), "+1555010" + std::to_string(number % kContacts), "+15550199", text, "[]",
            kNow};
}

/// One whole turn, as inbound/turns.cpp writes it.
error_code take(StoreTx& tx, int number) {
    const Recorded recorded = tx.record_inbound(text_of(number));
    if (recorded.seen == Seen::duplicate) return {};
    ConversationRow row = tx.lock_conversation(recorded.contact).value_or(ConversationRow{});
    row.state = R"({"v":1})";
    ++row.turn;
    row.last_text = name_of(number);
    tx.enqueue(outbound(recorded.contact, reply_to(number)));
    tx.set_timer(recorded.contact, "step", kNow + 20min, row.turn);
    if (row.turn == 1) {
        tx.append_consent(
            {recorded.contact, bot::Consent::conversation, "first_text", "", "", recorded.message, kNow});
    }
    tx.save_conversation(recorded.contact, row, kNow);
    tx.publish("message.received", "{}", kNow);
    tx.mark_answered(recorded.message, row.turn, "step slip/S1");
    return {};
}

bool passes_integrity_check(const SqliteSettings& settings) {
    sqlite3* database = nullptr;
    sqlite3_open_v2(settings.path.c_str(), &database, SQLITE_OPEN_READWRITE, settings.vfs.c_str());
    sqlite3_stmt* check = nullptr;
    std::string found;
    if (sqlite3_prepare_v2(database, "PRAGMA integrity_check", -1, &check, nullptr) == SQLITE_OK) {
        while (sqlite3_step(check) == SQLITE_ROW)
            found += reinterpret_cast<const char*>(sqlite3_column_text(check, 0));
    }
    sqlite3_finalize(check);
    sqlite3_close(database);
    return found == "ok";
}

}  // namespace

/// One message between its claim and its record.
struct Workload::Sending {
    std::vector<MessageId> ids;
};

void Workload::run(Store& store, int jobs, int in_flight) {
    left_ = jobs;
    context_.restart();
    for (int i = 0; i < in_flight; ++i) start_next(store);
    context_.run();
}

void Workload::start_next(Store& store) {
    if (broken_ || left_-- <= 0) return;
    if (random_() % 4 == 0) {
        start_sending(store);
    } else {
        start_text(store);
    }
}

void Workload::answered(Store& store, error_code outcome) {
    if (outcome) {
        failures_.push_back(outcome);
        broken_ = true;
    }
    start_next(store);
}

void Workload::start_text(Store& store) {
    const int number = next_++;
    store.async_transact([number](StoreTx& tx) { return take(tx, number); },
                         boost::asio::bind_executor(context_, [this, &store, number](error_code outcome) {
                             if (!outcome) taken_.insert(number);
                             answered(store, outcome);
                         }));
}

void Workload::start_sending(Store& store) {
    auto sending = std::make_shared<Sending>();
    const auto record = [this, &store, sending](error_code claimed) {
        if (claimed) return answered(store, claimed);
        store.async_transact(
            [sending](StoreTx& tx) {
                for (const MessageId id : sending->ids)
                    tx.mark_sent(id, "SM-out-" + std::to_string(id.value), kNow);
                return error_code{};
            },
            boost::asio::bind_executor(context_, [this, &store, sending](error_code outcome) {
                if (!outcome)
                    for (const MessageId id : sending->ids) sent_.insert(id.value);
                answered(store, outcome);
            }));
    };
    store.async_transact(
        [sending](StoreTx& tx) {
            sending->ids.clear();
            for (const Claimed& one : tx.claim_due(kNow, 4)) sending->ids.push_back(one.id);
            return error_code{};
        },
        boost::asio::bind_executor(context_, record));
}

Workload::Verdict Workload::look(Store& store, const SqliteSettings& settings) const {
    Verdict verdict;
    for (int number = 0; number < next_; ++number) look_at_text(store, number, verdict);
    look_at_sent(store, verdict);
    verdict.damaged = !passes_integrity_check(settings);
    return verdict;
}

void Workload::look_at_text(Store& store, int number, Verdict& verdict) const {
    Recorded found;
    // Rolled back: looking changes nothing.
    const error_code looked = store.transact([&](StoreTx& tx) -> error_code {
        found = tx.record_inbound(text_of(number));
        return Error::corrupt;
    });
    if (looked != Error::corrupt) {  // the database itself failed
        ++verdict.lost;
        return;
    }
    if (found.seen == Seen::first) {
        verdict.lost += taken_.contains(number) ? 1 : 0;
        return;
    }
    bool text_is_whole = false;
    int replies = 0;
    const error_code read = store.read([&](StoreReader& reader) {
        for (const MessageRow& row : reader.messages(found.contact, 10'000)) {
            replies += !row.inbound && row.text == reply_to(number) ? 1 : 0;
            text_is_whole |= row.inbound && row.text == text_of(number).text && row.state == "answered";
        }
        return error_code{};
    });
    if (read || replies != 1 || !text_is_whole) ++verdict.half_done;
}

void Workload::look_at_sent(Store& store, Verdict& verdict) const {
    std::set<std::int64_t> found;
    const error_code read = store.read([&](StoreReader& reader) {
        for (const MessageRow& row : reader.outbox(100'000, INT64_MAX))
            if (row.state == "sent") found.insert(row.id.value);
        return error_code{};
    });
    for (const std::int64_t id : sent_) verdict.lost += !read && found.contains(id) ? 0 : 1;
}

}  // namespace faults
