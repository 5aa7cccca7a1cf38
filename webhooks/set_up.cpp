#include "webhooks/set_up.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "webhooks/net/time_zone.hpp"

namespace webhooks {

std::shared_ptr<const store::Vault> open_vault(const StoreSettings& settings) {
    std::error_code ignored;
    const bool has_store = std::filesystem::exists(settings.path, ignored);
    const bool has_key = std::filesystem::exists(settings.key_file, ignored);
    if (has_store && !has_key) {
        throw BadSetUp("key file " + settings.key_file + ": is missing, and the store " + settings.path +
                       " cannot be read without it; put its copy back");
    }
    try {
        if (!has_key) store::Vault::create_file(settings.key_file);
        return store::Vault::from_file(settings.key_file);
    } catch (const std::runtime_error& refused) {
        throw BadSetUp(refused.what());
    }
}

oncall::Roster make_roster(const Config& config) {
    oncall::Roster roster = config.oncall;
    roster.public_url = config.public_url;
    if (config.ack_links) roster.ack_secret = open_vault(config.store)->index("links that take a case");
    return roster;
}

std::shared_ptr<const inbound::Line> make_line(const Config& config,
                                               std::shared_ptr<const bot::Content> content) {
    auto engine = std::make_shared<const bot::Engine>(std::move(content), config.line, net::utc_offset());
    inbound::Line line{std::make_shared<inbound::CurrentEngine>(std::move(engine)),
                       make_roster(config),
                       std::make_shared<outbox::ConsentGate>(),
                       config.gather,
                       config.crossed,
                       {},
                       std::make_shared<oncall::LoopEcho>()};
    for (const gateways::AccountSettings& account : config.gateways)
        line.numbers.insert(account.numbers.begin(), account.numbers.end());
    return std::make_shared<const inbound::Line>(std::move(line));
}

StoreLock::StoreLock(const std::string& store_path) {
    // Not the store's own file: closing any descriptor of that one would drop SQLite's locks.
    const std::string path = store_path + ".lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) throw std::runtime_error(path + ": " + std::generic_category().message(errno));
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(descriptor_);
    throw std::runtime_error("database " + store_path + ": another handrail is serving it");
}

StoreLock::~StoreLock() { ::close(descriptor_); }

void protect_process() {
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::umask(0077);
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace webhooks
