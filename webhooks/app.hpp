#pragma once
#include <memory>

#include "webhooks/config.hpp"
#include "webhooks/flow_reload.hpp"

namespace webhooks {

/// The composition root: every part of the server, put together from one configuration, and the order in
/// which they start and stop (reliability.md 4).
class App {
public:
    /// Opens the key, the store and both listeners; nothing is answered yet.
    /// @throws BadSetUp     what only a person can mend: a key that is missing or open to others
    /// @throws std::runtime_error  naming the file or address that cannot be used now
    /// @param load_flows  for a reload (SIGHUP)
    App(Config config, std::shared_ptr<const bot::Content> content, FlowReload::Load load_flows);
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    /// Serves until SIGTERM or SIGINT; SIGHUP loads the flows anew. The first signal finishes what was
    /// accepted, sends what is due for at most `Config::drain` and leaves the rest in the outbox; a second
    /// one, or a few seconds more, ends the process at once.
    /// @return the exit code: 0 after a signal, 1 when the store failed and only a restart can mend it
    [[nodiscard]] int run();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace webhooks
