#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>

#include "bot/flow_loader.hpp"
#include "webhooks/inbound/line.hpp"
#include "webhooks/telemetry/metrics.hpp"

namespace webhooks {

/// New flows without a restart. They are read and checked on a thread of their own, and taken only if nothing
/// is wrong with them; conversations under way finish on the version they began (bot::Releases). What is
/// refused is logged by file and line, and the running version stays. Net thread only, but for the reading.
class FlowReload {
public:
    /// Reads and checks the flows; called on another thread, may throw.
    using Load = std::function<bot::LoadedContent()>;

    FlowReload(boost::asio::any_io_executor net, Load load, std::shared_ptr<inbound::CurrentEngine> engine,
               telemetry::Metrics& metrics);

    /// While one reload is under way another is remembered and follows it: the files may have changed since.
    void start();

private:
    void take(const bot::LoadedContent& loaded);
    void refuse(const bot::Problems& problems);

    boost::asio::any_io_executor net_;
    Load load_;
    std::shared_ptr<inbound::CurrentEngine> engine_;
    telemetry::Metrics& metrics_;
    bool reading_ = false;
    bool again_ = false;
    boost::asio::thread_pool reader_{1};  ///< last: joined before what it refers to goes
};

}  // namespace webhooks
