#include "webhooks/cli/oncall_drill.hpp"

#include <csignal>
#include <cstdio>
#include <set>
#include <stdexcept>
#include <thread>

#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/oncall/pages.hpp"

namespace webhooks::cli {

namespace {

using namespace std::chrono_literals;
using store::PageState;
using store::StoreTx;

constexpr const char* kStates[]{"waits",    "under way",   "rings",  "handed over",
                                "answered", "not reached", "failed", "not needed"};

/// The contact that drills are about: no number, so that nothing can be texted to it.
constexpr std::string_view kNobody = "drill";

/// Whoever breaks off a drill must not leave a case that goes on paging.
volatile std::sig_atomic_t broken_off = 0;

void must(const store::error_code& failed) {
    if (failed) throw std::runtime_error(failed.message());
}

struct Seen {
    std::optional<store::EscalationRow> row;
    std::vector<store::PageRow> pages;
};

/// Prints what has changed since the last look.
class Printer {
public:
    explicit Printer(bot::TimePoint began) : began_(began) {}

    void see(const Seen& seen, bot::TimePoint now) {
        for (const store::PageRow& page : seen.pages) {
            const char* state = kStates[static_cast<std::size_t>(page.state)];
            std::string line = page.responder + " by ";
            line.append(oncall::word_for(page.by)).append(": ").append(state);
            if (printed_.insert({page.id.value, page.state}).second) say(line, now);
        }
    }
    void say(const std::string& line, bot::TimePoint now) const {
        const auto after = std::chrono::duration_cast<std::chrono::duration<double>>(now - began_);
        std::printf("%8.1f s  %s\n", after.count(), line.c_str());
        std::fflush(stdout);
    }

private:
    bot::TimePoint began_;
    std::set<std::pair<std::int64_t, PageState>> printed_;
};

Seen look(store::Store& store, store::EscalationId id) {
    Seen seen;
    must(store.transact([&](StoreTx& tx) -> store::error_code {
        seen = {tx.escalation(id), tx.pages_of(id)};
        return {};
    }));
    return seen;
}

}  // namespace

bool run_drill(store::Store& store, const oncall::Roster& roster, bot::Priority priority,
               std::chrono::minutes wait) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, [](int) { broken_off = 1; });
    const bot::TimePoint began = net::now();
    store::EscalationRow opened;
    must(store.transact([&](StoreTx& tx) -> store::error_code {
        const bot::OpenEscalation effect{std::string(oncall::kDrill), priority, "a drill", false};
        opened = oncall::open_case(tx, roster, tx.contact_of(kNobody), effect, net::now()).row;
        return {};
    }));
    Printer printer(began);
    printer.say("case " + opened.code + " is open", net::now());
    std::string holder;
    while (holder.empty() && broken_off == 0 && net::now() - began < wait) {
        const Seen seen = look(store, opened.id);
        printer.see(seen, net::now());
        if (!seen.row || seen.row->ladder.state == bot::EscalationState::resolved) break;
        holder = seen.row->ladder.acknowledged_by;
        if (holder.empty()) std::this_thread::sleep_for(500ms);
    }
    printer.say(holder.empty() ? "NOBODY took it" : "taken by " + holder, net::now());
    must(store.transact([&](StoreTx& tx) -> store::error_code {
        const auto row = tx.escalation(opened.id);
        // Nobody has texted, so there is nobody to tell.
        if (row)
            static_cast<void>(oncall::resolve(tx, roster, *row, "drill", net::now(), "the drill is over"));
        return {};
    }));
    return !holder.empty();
}

}  // namespace webhooks::cli
