#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "bot/engine.hpp"
#include "webhooks/oncall/loop_check.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/outbox/consent_gate.hpp"

namespace webhooks::inbound {

/// The engine that turns are taken with. A reload of the flows puts another in its place; a turn that has
/// begun finishes with the one it began with. Safe on every thread.
class CurrentEngine {
public:
    explicit CurrentEngine(std::shared_ptr<const bot::Engine> first) : engine_(std::move(first)) {}

    [[nodiscard]] std::shared_ptr<const bot::Engine> get() const {
        const std::lock_guard lock(mutex_);
        return engine_;
    }
    void set(std::shared_ptr<const bot::Engine> next) {
        const std::lock_guard lock(mutex_);
        engine_.swap(next);  // the last one ends outside of the lock, if it ends here
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const bot::Engine> engine_;
};

/// Everything a turn needs beside the transaction. Immutable after start but for the engine and the
/// gate, which lock themselves; shared by the store thread and the net thread.
struct Line {
    std::shared_ptr<CurrentEngine> engine;
    oncall::Roster roster;
    std::shared_ptr<outbox::ConsentGate> gate;
    /// An ordinary reply waits this long, so that a second text sent in the same breath is answered with the
    /// first. 0 switches gathering off. Crisis texts and confirmations never wait.
    std::chrono::milliseconds gather{400};
    /// A text this soon after a reply has left was written before the reply was read.
    std::chrono::milliseconds crossed{3'000};
    /// Our own numbers, of all accounts: what comes from one of them is never answered.
    std::set<std::string, std::less<>> numbers;
    /// Hears texts of ours to ourselves: whether the way through the gateway and back is whole.
    std::shared_ptr<oncall::LoopEcho> echo = std::make_shared<oncall::LoopEcho>();
};

}  // namespace webhooks::inbound
