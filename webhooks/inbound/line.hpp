#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "bot/engine.hpp"
#include "webhooks/oncall/roster.hpp"
#include "webhooks/outbox/consent_gate.hpp"

namespace webhooks::inbound {

/// Everything a turn needs beside the transaction. Immutable after start but for the gate, which locks
/// itself; shared by the store thread and the net thread.
struct Line {
    std::shared_ptr<const bot::Engine> engine;
    oncall::Roster roster;
    std::shared_ptr<outbox::ConsentGate> gate;
    /// An ordinary reply waits this long, so that a second text sent in the same breath is answered with the
    /// first. 0 switches gathering off. Crisis texts and confirmations never wait.
    std::chrono::milliseconds gather{400};
    /// A text this soon after a reply has left was written before the reply was read.
    std::chrono::milliseconds crossed{3'000};
    /// Our own numbers, of all accounts: what comes from one of them is never answered.
    std::set<std::string, std::less<>> numbers;
};

}  // namespace webhooks::inbound
