// Texters and gateway in one process of their own: posts signed webhooks to a server, takes its texts, and
// prints what it measured as one line of JSON.
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include "load.hpp"
#include "traffic.hpp"

namespace {

nlohmann::json summary(bench::Latencies& latencies) {
    return {{"count", latencies.count()},   {"p50_ms", latencies.at(0.5)},    {"p90_ms", latencies.at(0.9)},
            {"p99_ms", latencies.at(0.99)}, {"p999_ms", latencies.at(0.999)}, {"max_ms", latencies.at(1)}};
}

nlohmann::json render(bench::LoadResult& result) {
    nlohmann::json refused = nlohmann::json::object();
    for (const auto& [status, count] : result.refused) refused[std::to_string(status)] = count;
    return {{"ok", result.ok},
            {"refused", refused},
            {"seconds", result.seconds},
            {"per_second", static_cast<double>(result.ok) / result.seconds},
            {"answered", summary(result.answered)},
            {"handed_over", summary(result.handed_over)},
            {"texts_per_second", static_cast<double>(result.texts_taken) / result.seconds},
            {"backlog", result.backlog},
            {"ran_out", result.ran_out}};
}

}  // namespace

int main(int argc, char** argv) {
    bench::LoadOptions load;
    bench::Traffic traffic;
    CLI::App app("Load for a text line: closed loop, or open loop at a fixed rate");
    app.add_option("--port", load.port, "of the server");
    app.add_option("--gateway-port", load.gateway_port, "where to take texts; 0: nowhere");
    app.add_option("--connections", load.connections);
    app.add_option("--rate", load.rate, "arrivals a second; 0: closed loop");
    app.add_option("--warm-up", load.warm_up, "seconds not counted");
    app.add_option("--seconds", load.seconds);
    app.add_option("--settle", load.settle, "seconds to go on taking texts at the end");
    app.add_option("--messages", traffic.messages,
                   "prepared before the start; the run ends when they are used up");
    app.add_option("--contacts", traffic.contacts);
    app.add_option("--seed", traffic.seed);
    app.add_option("--repeated", traffic.repeated, "share delivered twice");
    app.add_option("--path", traffic.path);
    app.add_option("--public-base", traffic.public_base, "what the gateway signs");
    app.add_option("--token", traffic.token)->envname("BENCH_TOKEN")->required();
    app.add_option("--account-sid", traffic.account_sid)->required();
    app.add_option("--to", traffic.to);
    CLI11_PARSE(app, argc, argv);
    try {
        const auto prepared = bench::make_traffic(traffic);
        bench::Load one(load, prepared, traffic.seed);
        bench::LoadResult result = one.run();
        std::cout << render(result).dump() << "\n";
    } catch (const std::exception& failure) {
        std::cerr << "loadgen: " << failure.what() << "\n";
        return 1;
    }
    return 0;
}
