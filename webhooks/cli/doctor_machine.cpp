#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "bot/content.hpp"
#include "webhooks/cli/doctor_checks.hpp"
#include "webhooks/cli/flows_dir.hpp"
#include "webhooks/set_up.hpp"
#include "webhooks/store/sqlite/sqlite_store.hpp"

namespace webhooks::cli {

namespace {

namespace fs = std::filesystem;

// A busy line writes a few megabytes a day; below the first the server is soon not ready, below the second
// somebody should look.
constexpr std::uintmax_t kTooLittle = 128ull << 20;
constexpr std::uintmax_t kLittle = 1ull << 30;

std::string megabytes(std::uintmax_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

fs::path folder_of(const std::string& path) {
    const fs::path folder = fs::path(path).parent_path();
    return folder.empty() ? fs::path(".") : folder;
}

std::optional<struct stat> look_at(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return std::nullopt;
    return found;
}

bool is_open_to_others(const struct stat& file) { return (file.st_mode & 077) != 0; }

void check_key(const StoreSettings& settings, bool has_store, DoctorReport& report) {
    const auto key = look_at(settings.key_file);
    const std::string& path = settings.key_file;
    if (!key && has_store)
        report.wrong("key",
                     path + ": is missing, and the store cannot be read without it; put its copy back");
    else if (!key)
        report.fine("key", path + ": none yet; the first start makes one");
    else if (is_open_to_others(*key))
        report.wrong("key", path + ": others on this machine may read or change it; chmod 600");
    else
        report.fine("key", path + ": for its owner only; keep a copy somewhere else");
}

void check_opens(const StoreSettings& settings, const struct stat& file, DoctorReport& report) {
    if (::geteuid() != file.st_uid) {
        report.warn("store", settings.path +
                                 ": belongs to another user; run this as the server's user to "
                                 "see whether it opens");
        return;
    }
    try {
        store::SqliteSettings sqlite;
        sqlite.path = settings.path;
        store::open_sqlite(sqlite, open_vault(settings))->close();
        report.fine("store", settings.path + ": opens with this key");
    } catch (const std::runtime_error& refused) {
        report.wrong("store", refused.what());
    }
}

void check_store(const StoreSettings& settings, bool serving, DoctorReport& report) {
    const auto file = look_at(settings.path);
    if (!file) {
        const std::string folder = folder_of(settings.path).string();
        if (::access(folder.c_str(), W_OK | X_OK) == 0)
            report.fine("store", settings.path + ": none yet; the first start makes one");
        else
            report.wrong("store", folder + ": this user cannot make the store there");
        return;
    }
    if (is_open_to_others(*file))
        report.warn("store", settings.path +
                                 ": others on this machine may read the file (texts and numbers "
                                 "in it are sealed); chmod 600");
    if (serving)
        report.fine("store", settings.path + ": in use by the server, which can write to it");
    else
        check_opens(settings, *file, report);
}

void check_room(const StoreSettings& settings, DoctorReport& report) {
    std::error_code failed;
    const auto space = fs::space(folder_of(settings.path), failed);
    if (failed) {
        report.wrong("disk", folder_of(settings.path).string() + ": " + failed.message());
        return;
    }
    const std::string free = megabytes(space.available) + " free where the store is";
    if (space.available < kTooLittle)
        report.wrong("disk", free + ": a full disk answers nobody");
    else if (space.available < kLittle)
        report.warn("disk", free);
    else
        report.fine("disk", free);
}

bool is_in_a_ladder(const oncall::Roster& roster, const std::string& name) {
    return std::any_of(roster.policies.begin(), roster.policies.end(), [&](const auto& policy) {
        return std::any_of(policy.rungs.begin(), policy.rungs.end(), [&](const bot::Rung& rung) {
            return std::find(rung.page.begin(), rung.page.end(), name) != rung.page.end();
        });
    });
}

}  // namespace

void check_flows(const Config& config, DoctorReport& report) {
    const fs::path directory = find_flows_dir(config.flows);
    const bot::LoadedContent loaded = load_flows_dir(directory);
    if (loaded.content != nullptr) {
        report.fine("flows", directory.string() + ": " + std::to_string(loaded.content->flows.size()) +
                                 " flows, nothing wrong");
        return;
    }
    const auto errors = std::count_if(loaded.problems.begin(), loaded.problems.end(),
                                      [](const bot::Problem& problem) { return !problem.warning; });
    report.wrong("flows", directory.string() + ": " + std::to_string(errors) +
                              " errors; handrail flows check " + directory.string() + " tells them");
}

void check_on_call(const Config& config, DoctorReport& report) {
    const oncall::Roster& roster = config.oncall;
    if (roster.people.empty()) {
        report.warn("on call", "nobody: texters are told so, and where to call instead");
        return;
    }
    for (const bot::Responder& person : roster.people)
        if (!is_in_a_ladder(roster, person.name))
            report.warn("on call", person.name + " is in no ladder and will never be paged");
    if (roster.people.size() == 1)
        report.warn("on call", roster.people.front().name +
                                   " alone: when they do not answer there is nobody to climb to");
    else
        report.fine("on call", std::to_string(roster.people.size()) + " people; pages leave by " +
                                   roster.page_account + " from " + roster.page_channel);
}

void check_files(const Config& config, bool serving, DoctorReport& report) {
    check_key(config.store, look_at(config.store.path).has_value(), report);
    check_store(config.store, serving, report);
    check_room(config.store, report);
}

}  // namespace webhooks::cli
