#pragma once
#include <memory>

#include "webhooks/config.hpp"

namespace bot {
struct Content;
}

namespace webhooks {

/// The composition root: every part of the server, put together from one configuration, and the order in
/// which they start and stop (reliability.md 4).
class App {
public:
    /// Opens the key, the store and both listeners; nothing is answered yet.
    /// @throws BadSetUp     what only a person can mend: a key that is missing or open to others
    /// @throws std::runtime_error  naming the file or address that cannot be used now
    App(Config config, std::shared_ptr<const bot::Content> content);
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    /// Serves until SIGTERM or SIGINT. The first signal finishes what was accepted, sends what is due for at
    /// most `Config::drain` and leaves the rest in the outbox; a second one, or a few seconds more, ends the
    /// process at once.
    /// @return the exit code: 0 after a signal, 1 when the store failed and only a restart can mend it
    [[nodiscard]] int run();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace webhooks
