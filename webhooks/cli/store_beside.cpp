#include "webhooks/cli/store_beside.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "webhooks/cli/cli.hpp"
#include "webhooks/set_up.hpp"
#include "webhooks/store/sqlite/sqlite_store.hpp"

namespace webhooks::cli {

std::unique_ptr<store::Store> open_existing(const StoreSettings& settings) {
    struct stat file {};
    if (::stat(settings.path.c_str(), &file) != 0)
        throw std::runtime_error(settings.path + ": there is no store here");
    if (::geteuid() != file.st_uid)
        throw std::runtime_error(settings.path + ": belongs to another user; run this as the server's user");
    store::SqliteSettings sqlite;
    sqlite.path = settings.path;
    return store::open_sqlite(sqlite, open_vault(settings));
}

int with_config(const char* command, const std::string& path, const std::function<int(const Config&)>& work) {
    const LoadedConfig loaded = load_config(path);
    for (const bot::Problem& problem : loaded.problems)
        std::fprintf(stderr, "%s\n", bot::to_string(problem).c_str());
    if (!loaded.config) return kBadConfig;
    try {
        return work(*loaded.config);
    } catch (const std::runtime_error& refused) {
        std::fprintf(stderr, "handrail %s: %s\n", command, refused.what());
        return kFoundWrong;
    }
}

}  // namespace webhooks::cli
