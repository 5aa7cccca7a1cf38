#pragma once
#include <memory>
#include <stdexcept>
#include <string>

#include "webhooks/config.hpp"
#include "webhooks/inbound/line.hpp"
#include "webhooks/store/vault.hpp"

namespace webhooks {

/// Something that starting again will not mend: a person has to.
struct BadSetUp : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The key of the store; made on the first start of a new store, never for a store that exists.
/// @throws BadSetUp naming the file: missing though there is a store, open to others, not a key
[[nodiscard]] std::shared_ptr<const store::Vault> open_vault(const StoreSettings& settings);

/// Who is on call, with what links in pages are signed with, when there are any.
[[nodiscard]] oncall::Roster make_roster(const Config& config);

/// What every turn needs, of the server and of `handrail quarantine replay`.
[[nodiscard]] std::shared_ptr<const inbound::Line> make_line(const Config& config,
                                                             std::shared_ptr<const bot::Content> content);

/// Holds a store for one process (I23): two that act on one store would page and answer twice. Released by
/// the kernel when the process ends, however it ends.
class StoreLock {
public:
    /// @throws std::runtime_error when another process has it
    explicit StoreLock(const std::string& store_path);
    ~StoreLock();
    StoreLock(const StoreLock&) = delete;
    StoreLock& operator=(const StoreLock&) = delete;

private:
    int descriptor_;
};

/// What is in this process's memory stays there: no core files, no tracing by others of the same user, new
/// files for the own user only. Writing to a connection that is gone is an error like any other.
void protect_process();

}  // namespace webhooks
