#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>

#include "bot/transcript.hpp"
#include "tests/sim/world.hpp"
#include "tests/support/read_flows.hpp"

// Many texters, a virtual year each. `simulate --seed S --texter N` plays one of them again.

namespace {

struct Options {
    std::string flows = HANDRAIL_SOURCE_DIR "/flows";
    std::uint64_t seed = 1;
    int days = 365;
    int texters = 200;
    int seconds = 10;  ///< of real time; those begun are finished
    int only = -1;
    bool story = false;
};

struct Sum {
    int texters = 0;
    std::size_t in = 0, out = 0, events = 0, escalations = 0, opt_outs = 0, findings = 0;
};

// Every texter has a seed of their own, so that one can be played again without those before.
std::uint64_t seed_of(const Options& options, int texter) {
    return options.seed * 1'000'003 + static_cast<std::uint64_t>(texter);
}

void report(const Options& options, int texter, const sim::Year& year) {
    if (year.finding)
        std::cout << "\nBROKEN: " << year.finding->rule << ": " << year.finding->what
                  << "\nagain: simulate --seed " << options.seed << " --texter " << texter << "\n";
    for (const std::string& line : year.story) std::cout << "  " << line << '\n';
}

void play(const Options& options, const bot::Engine& engine, int texter, Sum& sum) {
    const sim::Advance advance = [&](bot::Conversation before, const bot::Event& event, bot::TimePoint now) {
        return engine.advance(std::move(before), event, now);
    };
    sim::World world(advance, engine.content(), engine.line(), seed_of(options, texter));
    const sim::Year year = world.play(options.days);
    ++sum.texters;
    sum.in += year.texts_in;
    sum.out += year.texts_out;
    sum.events += year.events;
    sum.escalations += year.escalations;
    sum.opt_outs += year.opt_outs;
    if (year.finding) ++sum.findings;
    if (year.finding || options.story) report(options, texter, year);
}

int simulate(const Options& options) {
    const auto loaded = bot::load_content(support::read_flows(options.flows));
    if (loaded.content == nullptr) {
        for (const auto& problem : loaded.problems) std::cerr << to_string(problem) << '\n';
        return 2;
    }
    const auto unheard = sim::unheard_phrases(*loaded.content);
    for (const std::string& phrase : unheard) std::cerr << "not heard for what it is: " << phrase << '\n';
    if (!unheard.empty()) return 2;
    bot::LineSettings alone = bot::transcript_line();
    alone.staffed = false;
    const bot::Engine staffed(loaded.content, bot::transcript_line(), sim::new_york);
    const bot::Engine unstaffed(loaded.content, alone, sim::new_york);
    const auto play_one = [&](int texter, Sum& sum) {
        play(options, texter % 5 == 4 ? unstaffed : staffed, texter, sum);
    };
    Sum sum;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{options.seconds};
    if (options.only >= 0) play_one(options.only, sum);
    for (int texter = 0; options.only < 0 && texter < options.texters; ++texter) {
        if (std::chrono::steady_clock::now() > until) break;
        play_one(texter, sum);
    }
    std::cout << "seed " << options.seed << ": " << sum.texters << " texters, " << options.days
              << " days each, " << sum.in << " texts in, " << sum.out << " out, " << sum.events << " events, "
              << sum.escalations << " escalations, " << sum.opt_outs << " opt-outs; " << sum.findings
              << " broke a rule\n";
    return sum.findings == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("A virtual year with many texters, every step held to the rules");
    Options options;
    app.add_option("--flows", options.flows)->capture_default_str();
    app.add_option("--seed", options.seed)->capture_default_str();
    app.add_option("--days", options.days)->capture_default_str();
    app.add_option("--texters", options.texters, "At most")->capture_default_str();
    app.add_option("--seconds", options.seconds, "No new texter after so long")->capture_default_str();
    app.add_option("--texter", options.only, "Only this one");
    app.add_flag("--story", options.story, "Print the end of each story, broken or not");
    CLI11_PARSE(app, argc, argv);
    return simulate(options);
}
