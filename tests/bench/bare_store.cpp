#include "bare_store.hpp"

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

namespace bench {

namespace {

constexpr int kCheckpointAfterPages = 16'000;
constexpr std::string_view kFirstState =
    R"({"flow":"slip","v":3,"lang":"en","tz":"America/Los_Angeles","a0":"yes","a1":"2","n":2})";
constexpr const char* kReplies[] = {
    "Thank you for telling us. Are you safe right now? Reply YES or NO.",
    "How long ago did you last use? 1: today 2: yesterday 3: longer",
    "A slip is not the end of your recovery. What happened just before?",
    "Drink water, rest, and stay with somebody you trust. Is anybody with you?",
    "Would you like a person to call you? Reply CALL.",
    "What has helped you before when the craving came?",
    "Let us make a plan for the next 24 hours. What is the first thing you can do?",
    "We are here. Text at any time. Shall we check in tomorrow? Reply YES."};

void check(int code, sqlite3* database) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        throw std::runtime_error(sqlite3_errmsg(database));
    }
}

void run(sqlite3* database, const char* sql) {
    check(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), database);
}

sqlite3* open(const std::string& path) {
    sqlite3* database = nullptr;
    check(sqlite3_open_v2(path.c_str(), &database,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr),
          database);
    run(database,
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA "
        "cache_size=-65536;"
        "PRAGMA busy_timeout=5000");
    return database;
}

void bind_text(sqlite3_stmt* statement, int index, std::string_view text) {
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

struct State {
    std::int64_t id = 0;
    int step = 0;
    bool opted_out = false;
    std::string facts{kFirstState};
};

std::string_view advance(State& state, const std::string& body) {
    if (body == "STOP") {
        state.opted_out = true;
        return "You are unsubscribed and will get no more messages. Reply START to come back.";
    }
    if (body == "START") state.opted_out = false;
    auto facts = nlohmann::json::parse(state.facts, nullptr, false);
    if (facts.is_discarded()) facts = nlohmann::json::object();
    facts["a" + std::to_string(state.step)] = body.substr(0, 40);
    facts["n"] = facts.value("n", 0) + 1;
    state.step = (state.step + 1) % 8;
    state.facts = facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return kReplies[state.step];
}

}  // namespace

BareStore::BareStore(const std::string& path) : database_(open(path)) {
    run(database_,
        "CREATE TABLE conversation(contact_id INTEGER PRIMARY KEY, phone TEXT NOT NULL UNIQUE, step INTEGER "
        "NOT NULL,"
        "  vars TEXT NOT NULL, opted_out INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL);"
        "CREATE TABLE message_in(id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, phone TEXT NOT NULL,"
        "  body TEXT NOT NULL, at INTEGER NOT NULL);"
        "CREATE TABLE outbox(id INTEGER PRIMARY KEY, phone TEXT NOT NULL, body TEXT NOT NULL,"
        "  status INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL);"
        "CREATE INDEX outbox_due ON outbox(next_at) WHERE status=0");
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    add_message_ =
        prepare("INSERT INTO message_in(sid,phone,body,at) VALUES(?,?,?,?) ON CONFLICT(sid) DO NOTHING");
    find_ = prepare("SELECT contact_id,step,vars,opted_out FROM conversation WHERE phone=?");
    update_ = prepare("UPDATE conversation SET step=?,vars=?,opted_out=?,updated_at=? WHERE contact_id=?");
    add_conversation_ =
        prepare("INSERT INTO conversation(phone,step,vars,opted_out,updated_at) VALUES(?,?,?,?,?)");
    add_reply_ = prepare("INSERT INTO outbox(phone,body,status,next_at) VALUES(?,?,0,?)");
    sqlite3_wal_hook(
        database_,
        [](void* pages, sqlite3*, const char*, int count) {
            static_cast<std::atomic<int>*>(pages)->store(count);
            return SQLITE_OK;
        },
        &wal_pages_);
    writer_ = std::thread([this] { write_for_ever(); });
    checkpointer_ = std::thread([this, path] { checkpoint_for_ever(path); });
}

BareStore::~BareStore() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    stop_checkpoints_ = true;
    writer_.join();
    checkpointer_.join();
    for (sqlite3_stmt* one : {begin_, commit_, add_message_, find_, update_, add_conversation_, add_reply_}) {
        sqlite3_finalize(one);
    }
    sqlite3_close(database_);
}

sqlite3_stmt* BareStore::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr), database_);
    return statement;
}

void BareStore::step(sqlite3_stmt* statement) {
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    check(code, database_);
}

void BareStore::push(Work work) {
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        wake = waiting_.empty();
        waiting_.push_back(std::move(work));
    }
    if (wake) wake_.notify_one();
}

void BareStore::write_for_ever() {
    std::vector<Work> batch;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
            if (stopping_) return;
            batch.swap(waiting_);
        }
        step(begin_);
        for (const Work& work : batch) write(work);
        step(commit_);
        for (const Work& work : batch) work.stored();
        batch.clear();
    }
}

void BareStore::write(const Work& work) {
    bind_text(add_message_, 1, work.sid);
    bind_text(add_message_, 2, work.from);
    bind_text(add_message_, 3, work.body);
    sqlite3_bind_int64(add_message_, 4, std::time(nullptr));
    step(add_message_);
    if (sqlite3_changes(database_) != 0) answer(work);
}

void BareStore::answer(const Work& work) {
    State state;
    bind_text(find_, 1, work.from);
    if (sqlite3_step(find_) == SQLITE_ROW) {
        state.id = sqlite3_column_int64(find_, 0);
        state.step = sqlite3_column_int(find_, 1);
        state.facts.assign(reinterpret_cast<const char*>(sqlite3_column_text(find_, 2)),
                           static_cast<std::size_t>(sqlite3_column_bytes(find_, 2)));
        state.opted_out = sqlite3_column_int(find_, 3) != 0;
    }
    sqlite3_reset(find_);
    const std::string_view reply = advance(state, work.body);
    sqlite3_stmt* save = state.id != 0 ? update_ : add_conversation_;
    const int first = state.id != 0 ? 1 : 2;
    if (state.id != 0) {
        sqlite3_bind_int64(save, 5, state.id);
    } else {
        bind_text(save, 1, work.from);
    }
    sqlite3_bind_int(save, first, state.step);
    bind_text(save, first + 1, state.facts);
    sqlite3_bind_int(save, first + 2, state.opted_out ? 1 : 0);
    sqlite3_bind_int64(save, first + 3, std::time(nullptr));
    step(save);
    bind_text(add_reply_, 1, work.from);
    bind_text(add_reply_, 2, reply);
    sqlite3_bind_int64(add_reply_, 3, std::time(nullptr));
    step(add_reply_);
}

void BareStore::checkpoint_for_ever(const std::string& path) {
    sqlite3* own = open(path);
    while (!stop_checkpoints_) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
        if (wal_pages_ < kCheckpointAfterPages) continue;
        // The second pass takes what was written during the first, so that the writer can soon start the log
        // anew.
        sqlite3_wal_checkpoint_v2(own, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        sqlite3_wal_checkpoint_v2(own, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        wal_pages_ = 0;
    }
    sqlite3_close(own);
}

}  // namespace bench
