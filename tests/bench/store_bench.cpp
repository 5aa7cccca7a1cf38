// Durable inbound transactions per second through the store alone: no HTTP, no engine.
//   store_bench --outstanding 64 --seconds 4 --contacts 10000 [--lean]
#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <vector>

#include <CLI/CLI.hpp>

#include "webhooks/store/sqlite/sqlite_store.hpp"

namespace {

namespace asio = boost::asio;
namespace store = webhooks::store;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

struct Options {
    std::string folder = ".";
    int outstanding = 64;
    int contacts = 10'000;
    double seconds = 4;
    bool lean = false;  ///< only what the bare group-commit prototype writes
};

bot::TimePoint now() {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

const std::string kState =
    R"({"v":1,"consent":"conversation","language":"en","stack":[{"flow":"slip","step":"S3",)"
    R"("version":1}],"facts":{"when":"last night","how_much":"half a g","alone":"yes"},)"
    R"("tags":["slip"],"turn":4,"step_turn":3,"last_inbound":1760000000000})";

class Load {
public:
    Load(store::Store& store, asio::io_context& io, const Options& options)
        : store_(store), io_(io), options_(options) {}

    void run() {
        begin_ = Clock::now();
        end_ = begin_ +
               std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
        for (int i = 0; i < options_.outstanding; ++i) one();
        io_.run();
        const double took = std::chrono::duration<double>(Clock::now() - begin_).count();
        std::sort(latencies_.begin(), latencies_.end());
        const auto at = [&](double share) {
            return latencies_.empty() ? 0.0
                                      : latencies_[static_cast<std::size_t>(
                                            share * static_cast<double>(latencies_.size() - 1))];
        };
        std::printf(
            "outstanding=%d contacts=%d %s: %.0f transactions/s, p50 %.2f ms, p99 %.2f ms, failed %d\n",
            options_.outstanding, options_.contacts, options_.lean ? "lean" : "whole turn",
            static_cast<double>(latencies_.size()) / took, at(0.5), at(0.99), failed_);
    }

private:
    void one() {
        const auto started = Clock::now();
        if (started >= end_) return;
        const std::string number =
            "+1555" + std::to_string(1'000'000 + random_() % static_cast<unsigned>(options_.contacts));
        char id[40];
        std::snprintf(id, sizeof id, "SM%016llx%016llx", static_cast<unsigned long long>(random_()),
                      static_cast<unsigned long long>(random_()));
        store::Store::Job job = options_.lean ? lean_job(number, id) : turn_job(number, id);
        store_.async_transact(
            std::move(job), asio::bind_executor(io_.get_executor(), [this, started](error_code failed) {
                failed_ += failed ? 1 : 0;
                latencies_.push_back(
                    std::chrono::duration<double, std::milli>(Clock::now() - started).count());
                one();
            }));
    }

    static store::NewOutbound reply_to(store::ContactId contact, const std::string& number,
                                       bot::TimePoint at) {
        store::NewOutbound reply;
        reply.contact = contact;
        reply.account = "main";
        reply.channel = "+15550199";
        reply.to = number;
        reply.text =
            "Thank you for telling me. One slip is not the end of what you have built. Are you safe right "
            "now? 1 Yes 2 No";
        reply.text_id = "SLP.1";
        reply.said_by = "slip/S1@1";
        reply.at = at;
        reply.due = at;
        reply.fresh_until = at + std::chrono::minutes(10);
        return reply;
    }

    static store::Store::Job lean_job(std::string number, std::string id) {
        return [number = std::move(number), id = std::move(id)](store::StoreTx& tx) -> error_code {
            const auto at = now();
            const auto recorded =
                tx.record_inbound({"main", id, number, "+15550199", "i slipped last night", "[]", at});
            auto row = tx.lock_conversation(recorded.contact).value_or(store::ConversationRow{});
            ++row.turn;
            row.state = kState;
            tx.save_conversation(recorded.contact, row, at);
            tx.enqueue(reply_to(recorded.contact, number, at));
            return {};
        };
    }

    static store::Store::Job turn_job(std::string number, std::string id) {
        return [number = std::move(number), id = std::move(id)](store::StoreTx& tx) -> error_code {
            const auto at = now();
            const auto recorded =
                tx.record_inbound({"main", id, number, "+15550199", "i slipped last night", "[]", at});
            tx.publish("message.received", R"({"contact":123,"message":4567})", at);
            auto row = tx.lock_conversation(recorded.contact).value_or(store::ConversationRow{});
            ++row.turn;
            row.before_last = row.state;
            row.state = kState;
            row.last_text = "i slipped last night";
            row.account = "main";
            row.channel = "+15550199";
            row.last_at = at;
            auto reply = reply_to(recorded.contact, tx.number_of(recorded.contact), at);
            reply.turn = row.turn;
            tx.enqueue(reply);
            tx.set_timer(recorded.contact, "step", at + std::chrono::hours(24), row.turn);
            tx.save_conversation(recorded.contact, row, at);
            tx.publish("conversation.changed", R"({"contact":123,"turn":"4"})", at);
            tx.mark_answered(recorded.message, row.turn, "step slip/S1");
            return {};
        };
    }

    store::Store& store_;
    asio::io_context& io_;
    const Options& options_;
    std::mt19937_64 random_{1};
    Clock::time_point begin_, end_;
    std::vector<double> latencies_;
    int failed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"Measures the store"};
    app.add_option("--folder", options.folder);
    app.add_option("--outstanding", options.outstanding);
    app.add_option("--contacts", options.contacts);
    app.add_option("--seconds", options.seconds);
    app.add_flag("--lean", options.lean);
    CLI11_PARSE(app, argc, argv);

    const std::string path = options.folder + "/store_bench.db";
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
    store::Vault::Key key{};
    key.fill(7);
    auto store = store::open_sqlite({.path = path}, store::Vault::from_key(key));
    asio::io_context io(1);
    Load(*store, io, options).run();
    const auto closing = Clock::now();
    store->close();
    std::printf("closed in %.0f ms, file %.1f MiB\n",
                std::chrono::duration<double, std::milli>(Clock::now() - closing).count(),
                static_cast<double>(std::filesystem::file_size(path)) / 1048576.0);
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
}
