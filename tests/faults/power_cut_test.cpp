// I1: what was acknowledged is there after the power has gone, at any instant. A kill -9 cannot show this:
// the kernel keeps what was written. And the harness has teeth: a store that does not sync, or a disk that
// lies, must be caught by the same check.
#include <cstdio>

#include "power_cut_vfs.hpp"
#include "workload.hpp"

using namespace faults;

namespace {

struct Setting {
    const char* synchronous = "FULL";
    bool disk_lies = false;
};

struct Tally {
    int cuts = 0;
    int acknowledged = 0;
    int rounds_with_loss = 0;
    int rounds_not_sound = 0;
    std::uint32_t first_bad_seed = 0;
};

/// One life of a line: opens, works, the power goes, comes back; the store is opened again and asked.
void play(std::uint32_t seed, const Setting& setting, Tally& tally) {
    TemporaryFolder folder;
    Disk disk(seed);
    if (setting.disk_lies) disk.lie_about_syncs();
    SqliteSettings settings;
    settings.path = folder / "store.db";
    settings.vfs = disk.vfs_name();
    settings.synchronous = setting.synchronous;
    settings.checkpoint_pages = 40;  // several times a round
    settings.batch_limit = 4;
    Workload work(seed);
    {
        auto store = open_sqlite(settings, test_vault());
        std::mt19937 when(seed ^ 0x5eed);
        disk.cut_after(static_cast<long>(20 + when() % 500));
        work.run(*store, 100'000);
    }
    REQUIRE(disk.is_cut());
    disk.power_on();
    ++tally.cuts;
    tally.acknowledged += work.acknowledged();
    Workload::Verdict verdict;
    try {
        auto store = open_sqlite(settings, test_vault());
        verdict = work.look(*store, settings);
        store->close();
    } catch (const std::runtime_error&) {
        verdict.damaged = true;
    }
    tally.rounds_with_loss += verdict.lost > 0 ? 1 : 0;
    if (!verdict.sound() && ++tally.rounds_not_sound == 1) tally.first_bad_seed = seed;
}

Tally play_all(std::uint32_t rounds, const Setting& setting) {
    Tally tally;
    for (std::uint32_t seed = 1; seed <= rounds; ++seed) play(seed, setting, tally);
    std::printf(
        "power cuts: synchronous=%s%s: %d cuts, %d jobs acknowledged, %d rounds lost some, %d not sound\n",
        setting.synchronous, setting.disk_lies ? ", disk lies" : "", tally.cuts, tally.acknowledged,
        tally.rounds_with_loss, tally.rounds_not_sound);
    return tally;
}

}  // namespace

TEST_CASE("power cut: nothing acknowledged is lost, nothing is half done, nothing damaged") {
    const Tally tally = play_all(1'000, {});
    CAPTURE(tally.first_bad_seed);
    CHECK(tally.rounds_not_sound == 0);
    CHECK(tally.acknowledged > 5 * tally.cuts);  // there was something to lose
}

TEST_CASE("power cut, teeth: without a sync at each commit this check fails") {
    CHECK(play_all(40, {"NORMAL", false}).rounds_with_loss > 0);
}

TEST_CASE("power cut, teeth: on a disk that lies about its syncs this check fails") {
    CHECK(play_all(40, {"FULL", true}).rounds_not_sound > 0);
}

TEST_CASE("power cut: a first start that is cut at any write is simply made again") {
    long cuts = 0;
    for (bool opened = false; !opened; ++cuts) {
        TemporaryFolder folder;
        Disk disk(static_cast<std::uint32_t>(cuts));
        SqliteSettings settings;
        settings.path = folder / "store.db";
        settings.vfs = disk.vfs_name();
        disk.cut_after(cuts);
        try {
            opened = open_sqlite(settings, test_vault()) && !disk.is_cut();
        } catch (const std::runtime_error& cut) {
            CHECK(std::string(cut.what()).find(settings.path) != std::string::npos);
        }
        disk.power_on();
        CAPTURE(cuts);
        Workload work(7);
        {
            auto store = open_sqlite(settings, test_vault());
            work.run(*store, 20);
        }
        CHECK(work.failures().empty());
        auto store = open_sqlite(settings, test_vault());
        CHECK(work.look(*store, settings).sound());
    }
    std::printf("power cuts: %ld while the database was made\n", cuts - 1);
    CHECK(cuts > 20);
}
