#include "webhooks/flow_reload.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>

#include "bot/content.hpp"
#include "webhooks/net/time_zone.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks {

namespace {

using telemetry::Level;
using telemetry::log;
using telemetry::Safe;

bot::LoadedContent load_or_say_why(const FlowReload::Load& load) {
    try {
        return load();
    } catch (...) {
        return {nullptr,
                {{"flows", "", "could not be loaded: " + telemetry::type_of(std::current_exception())}}};
    }
}

/// What an operator wants to see of a release: which flows are other than before.
void log_changes(const bot::Content& before, const bot::Content& after) {
    for (const auto& [id, flow] : after.flows) {
        const auto old = before.flows.find(id);
        if (old != before.flows.end() && old->second.fingerprint == flow.fingerprint) continue;
        log(Level::info, "flow_changed", {{"flow", Safe(id)}, {"version", flow.version}});
    }
}

}  // namespace

FlowReload::FlowReload(boost::asio::any_io_executor net, Load load,
                       std::shared_ptr<inbound::CurrentEngine> engine, telemetry::Metrics& metrics)
    : net_(std::move(net)), load_(std::move(load)), engine_(std::move(engine)), metrics_(metrics) {}

void FlowReload::start() {
    if (reading_) {
        again_ = true;
        return;
    }
    reading_ = true;
    boost::asio::post(reader_, [this] {
        auto loaded = std::make_shared<const bot::LoadedContent>(load_or_say_why(load_));
        boost::asio::post(net_, [this, loaded] {
            reading_ = false;
            take(*loaded);
            if (std::exchange(again_, false)) start();
        });
    });
}

void FlowReload::take(const bot::LoadedContent& loaded) {
    if (loaded.content == nullptr) {
        refuse(loaded.problems);
        return;
    }
    const auto now = engine_->get();
    const auto releases = now->releases().succeeded_by(loaded.content);
    if (!releases) {
        refuse(releases.error());
        return;
    }
    engine_->set(std::make_shared<const bot::Engine>(*releases, now->line(), net::utc_offset()));
    metrics_.flows_reloaded("taken");
    log_changes(now->content(), *loaded.content);
    log(Level::info, "flows_reloaded",
        {{"flows", loaded.content->flows.size()}, {"releases_kept", releases->size()}});
}

void FlowReload::refuse(const bot::Problems& problems) {
    metrics_.flows_reloaded("refused");
    std::size_t errors = 0;
    for (const bot::Problem& problem : problems) {
        if (problem.warning) continue;
        ++errors;
        log(Level::error, "flow_problem",
            {{"file", Safe(problem.file)},
             {"line", problem.line},
             {"where", Safe(problem.where)},
             {"what", Safe(problem.what)}});
    }
    log(Level::error, "flows_refused", {{"errors", errors}});
}

}  // namespace webhooks
