#include "webhooks/app.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <map>
#include <optional>

#include "webhooks/admin_endpoints.hpp"
#include "webhooks/dashboard/page.hpp"
#include "webhooks/demo/demo.hpp"
#include "webhooks/fallback/handover.hpp"
#include "webhooks/gateways/registry.hpp"
#include "webhooks/inbound/clockwork.hpp"
#include "webhooks/inbound/parts.hpp"
#include "webhooks/inbound/reconciler.hpp"
#include "webhooks/inbound/turns.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/curl_client.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/oncall/auditor.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/oncall/hook_sender.hpp"
#include "webhooks/oncall/pager.hpp"
#include "webhooks/oncall/pages.hpp"
#include "webhooks/oncall_endpoints.hpp"
#include "webhooks/outbox/dispatcher.hpp"
#include "webhooks/outside_endpoints.hpp"
#include "webhooks/set_up.hpp"
#include "webhooks/signup/signup.hpp"
#include "webhooks/store/sqlite/sqlite_store.hpp"
#include "webhooks/webhook_endpoints.hpp"

namespace webhooks {

namespace {

using boost::system::error_code;
using net::as_result;
using std::chrono::milliseconds;
using telemetry::Level;
using telemetry::Safe;
using Gateways = std::map<std::string, std::unique_ptr<gateways::Gateway>, std::less<>>;

constexpr std::chrono::seconds kBeyondDrain{5};
constexpr std::chrono::seconds kGiveUp{5};
constexpr std::chrono::seconds kQueueAges{2};
constexpr std::chrono::seconds kPartsLook{5};

/// A stop that hangs, on whatever thread, is ended by the kernel's own clock: every promise is a row.
void end_within(std::chrono::seconds limit) {
    std::signal(SIGALRM, [](int) {
        constexpr char kLine[] = "{\"level\":\"error\",\"event\":\"stop_took_too_long\"}\n";
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kLine, sizeof kLine - 1);
        ::_exit(1);
    });
    ::alarm(static_cast<unsigned>(limit.count()));
}

Gateways make_gateways(const Config& config) {
    Gateways all;
    for (const gateways::AccountSettings& account : config.gateways)
        all.emplace(account.name, gateways::make_gateway(account, config.public_url));
    return all;
}

/// By which numbers a text may go when its own account does not take it.
outbox::Routes routes_of(const Config& config) {
    std::vector<outbox::Route> all;
    for (const gateways::AccountSettings& account : config.gateways)
        all.push_back({account.name, account.numbers.front()});
    return outbox::Routes(std::move(all), config.replies_by_another_gateway);
}

}  // namespace

struct App::Impl {
    Impl(Config checked, std::shared_ptr<const bot::Content> content, FlowReload::Load load_flows);

    int run();
    void start();
    asio::awaitable<void> open();
    void start_loops();
    asio::awaitable<void> older_first();
    void start_hand_over();
    void committed();
    void start_sign_up();
    void start_demo();
    void add_demo_accounts();
    asio::awaitable<void> stop_on_signal();
    asio::awaitable<void> end_on_second_signal();
    asio::awaitable<void> reload_on_hangup();
    asio::awaitable<void> drain();
    void store_failed(error_code why);
    asio::awaitable<void> give_up();
    asio::awaitable<void> watch_queues();
    asio::awaitable<void> watch_parts();
    [[nodiscard]] std::vector<inbound::Reconciler::Number> own_numbers() const;
    [[nodiscard]] const gateways::Gateway* account_named(std::string_view name) const;
    std::unique_ptr<store::Store> open_store();
    outbox::Dispatcher::Parts dispatcher_parts();
    oncall::Pager::Parts pager_parts();
    staff::Parts staff_parts();

    // The listeners are bound first: a port that is taken leaves no file behind.
    const Config config;
    asio::io_context io{1};
    asio::signal_set signals{io, SIGTERM, SIGINT};
    asio::signal_set hangups{io, SIGHUP};
    http::Router router;
    http::Router admin_router;
    http::Server server{io, config.server, router};
    http::Server admin_server{io, config.admin, admin_router};

    StoreLock lock{config.store.path};
    telemetry::Metrics metrics;
    std::unique_ptr<store::Store> store{open_store()};
    std::shared_ptr<const inbound::Line> line;
    Gateways accounts{make_gateways(config)};
    net::CurlClient curl{io.get_executor()};

    outbox::Dispatcher dispatcher{io.get_executor(), dispatcher_parts()};
    oncall::HookSender hooks{io.get_executor(), *store, curl, line->roster, metrics};
    oncall::Pager pager{io.get_executor(), pager_parts()};
    oncall::LoopCheck loop{io.get_executor(),
                           {*store, line->roster.loop, line->echo, [this] { committed(); }}};
    oncall::Auditor auditor{
        io.get_executor(),
        {*store, curl, line->roster, metrics, [this] { committed(); }, [this] { return loop.trouble(); }}};
    staff::EventHub events{io.get_executor(), *store};
    inbound::Clockwork clockwork{io.get_executor(), *store, line, [this] { committed(); }};
    inbound::MediaFetch media{curl, [this](std::string_view account) { return account_named(account); }};
    staff::Api api{staff_parts()};
    WebhookEndpoints webhooks{
        {*store, line, metrics, config.quarantine_keep,
         [this] {
             committed();
             clockwork.wake();
         },
         [this](std::string_view account, bool delivered) { dispatcher.reported(account, delivered); },
         [this] { return older_first(); }}};
    OncallEndpoints oncall_answers{{*store, line, metrics, [this] {
                                        committed();
                                        clockwork.wake();
                                    }}};
    OutsideEndpoints outside{{*store, line, metrics, [this] {
                                  committed();
                                  clockwork.wake();
                              }}};
    inbound::Reconciler reconciler{io.get_executor(), {*store, curl, line, metrics, own_numbers(), [this] {
                                                           committed();
                                                           clockwork.wake();
                                                       }}};
    AdminEndpoints admin{{*store, metrics, config.store.path, [this] { return draining || !is_open; }}};
    std::optional<fallback::HandOver> hand_over;
    std::optional<signup::SignUp> sign_up;
    std::optional<demo::Demo> demo;
    FlowReload flows;

    bool is_open = false;
    bool draining = false;
    int exit_code = 0;
};

App::Impl::Impl(Config checked, std::shared_ptr<const bot::Content> content, FlowReload::Load load_flows)
    : config(std::move(checked)),
      line(make_line(config, std::move(content))),
      flows(io.get_executor(), std::move(load_flows), line->engine, metrics) {
    for (const auto& [name, gateway] : accounts) {
        webhooks.add(router, *gateway);
        if (name == config.oncall.voice.account) oncall_answers.add_voice(router, *gateway);
    }
    oncall_answers.add_links(router);
    outside.add(router);
    api.add(router);
    dashboard::add_page(router);
    admin.add(admin_router);
    if (config.fallback.enabled()) start_hand_over();
    if (config.sign_up.enabled) start_sign_up();
    if (config.demo) start_demo();
}

void App::Impl::start_hand_over() {
    const auto take = [this](const http::Request& request, bot::TimePoint arrived) {
        return webhooks.take_kept(request, arrived);
    };
    hand_over.emplace(io.get_executor(), fallback::Spool(config.fallback.directory, open_vault(config.store)),
                      take);
}

void App::Impl::start_sign_up() {
    sign_up.emplace(signup::SignUp::Parts{io.get_executor(), *store, line, metrics, config.sign_up,
                                          config.trusted_proxies, [this] { committed(); }});
    sign_up->add(router);
}

void App::Impl::start_demo() {
    if (!asio::ip::make_address(config.server.address).is_loopback())
        throw std::logic_error("the demo has no password: it listens on loopback only");
    const gateways::AccountSettings& account = config.gateways.front();
    demo.emplace(demo::Demo::Parts{io.get_executor(), *store, events, router, *accounts.at(account.name),
                                   config.demo_secret, account.numbers.front(),
                                   config.line.placeholders.at("short"), config.oncall.people});
    demo->add(router);
    add_demo_accounts();
}

/// Who is on call in a demo signs in by a button.
void App::Impl::add_demo_accounts() {
    std::vector<std::string> names;
    for (const bot::Responder& person : config.oncall.people) names.push_back(person.name);
    const auto failed = store->transact([&](store::StoreTx& tx) -> error_code {
        staff::add_demo_accounts(tx, names, net::now());
        return {};
    });
    if (failed) throw std::runtime_error("the demo's accounts: " + failed.message());
}

std::unique_ptr<store::Store> App::Impl::open_store() {
    store::SqliteSettings settings;
    settings.path = config.store.path;
    settings.on_fatal = [this](error_code why) { asio::post(io, [this, why] { store_failed(why); }); };
    return store::open_sqlite(settings, open_vault(config.store));
}

outbox::Dispatcher::Parts App::Impl::dispatcher_parts() {
    return {
        .store = *store,
        .curl = curl,
        .gate = line->gate,
        .metrics = metrics,
        .gateway = [this](std::string_view account) { return account_named(account); },
        .opted_out =
            [line = line](store::StoreTx& tx, store::ContactId contact, std::string_view code,
                          bot::TimePoint now) {
                inbound::Turns(tx, *line, now).event(contact, bot::CarrierOptedOut{std::string(code)});
            },
        .page_failed =
            [line = line](store::StoreTx& tx, store::EscalationId escalation, std::string_view key,
                          bot::TimePoint now) {
                oncall::page_failed(tx, line->roster, escalation, key, now);
            },
        .safety_text_lost =
            [line = line](store::StoreTx& tx, const store::Claimed& message, store::OutboxState state,
                          bot::TimePoint now) {
                bot::TextNotDelivered lost{.text_id = {},
                                           .kind = message.kind,
                                           .said_at = message.received_at,
                                           .code = std::string(store::to_string(state)),
                                           .filtered = false};
                inbound::Turns(tx, *line, now).event(*message.contact, lost);
            },
        .answer_too_late =
            [line = line](store::StoreTx& tx, const store::Claimed& message, bot::TimePoint now) {
                inbound::Turns(tx, *line, now).event(*message.contact, bot::TextTooLate{message.received_at});
            },
        .fell_silent =
            [line = line](store::StoreTx& tx, store::ContactId contact, bot::TimePoint now) {
                bot::OpenEscalation seen;
                seen.reason = "loop";
                seen.priority = bot::Priority::p2;
                seen.heard =
                    "the bot stopped answering: too many replies to the same few words; read "
                    "whether a person is there";
                oncall::open_case(tx, line->roster, contact, seen, now);
            },
        .recorded = [this] { events.wake(); },
        .routes = routes_of(config),
        .limits = outbox::Limits(config.sending, config.store.halt_file()),
        .has_other_way =
            [line = line](std::string_view key) { return oncall::has_other_way(line->roster, key); }};
}

oncall::Pager::Parts App::Impl::pager_parts() {
    std::optional<gateways::AccountSettings> voice;
    for (const gateways::AccountSettings& account : config.gateways)
        if (account.name == config.oncall.voice.account) voice = account;
    return {*store, curl, line->roster, metrics, std::move(voice), [this] { committed(); }};
}

staff::Parts App::Impl::staff_parts() {
    return {.executor = io.get_executor(),
            .store = *store,
            .events = events,
            .line = line,
            .media = media,
            .tokens = config.api_tokens,
            .committed =
                [this] {
                    committed();
                    clockwork.wake();
                },
            .public_url = config.public_url,
            .trusted_proxies = config.trusted_proxies,
            .demo = config.demo,
            .oidc = config.oidc,
            .curl = curl};
}

/// There may be something to send, and something to tell the dashboards.
void App::Impl::committed() {
    dispatcher.wake();
    hooks.wake();
    pager.wake();
    events.wake();
}

/// An exception that reaches us here is a bug in a loop: the next start takes up from the rows what it left.
int App::Impl::run() {
    ::malloc_trim(0);  // reading the flows and word lists left twice their size behind
    start();
    try {
        io.run();
    } catch (...) {
        telemetry::log(Level::error, "loop_failed",
                       {{"exception", Safe(telemetry::type_of(std::current_exception()))}});
        exit_code = 1;
    }
    store->close();  // jobs still waiting there refer to the parts
    telemetry::log(Level::info, "stopped", {{"exit_code", exit_code}});
    return exit_code;
}

void App::Impl::start() {
    net::spawn(io.get_executor(), stop_on_signal());
    net::spawn(io.get_executor(), reload_on_hangup());
    admin_server.start();
    net::spawn(io.get_executor(), open());
}

/// What came by the fallback while we were down is older than whatever comes now, and a STOP among it is
/// older than what waits to be sent. Then what the last run left: overdue rungs, half-sent texts, hooks it
/// had claimed. The store works in the order of asking, and nobody is accepted before that.
asio::awaitable<void> App::Impl::open() {
    if (hand_over) {
        co_await hand_over->take_all();
        hand_over->start();
    }
    if (draining) co_return;
    start_loops();
    server.start();
    is_open = true;
    telemetry::log(Level::info, "started", {{"port", server.port()}, {"admin_port", admin_server.port()}});
}

asio::awaitable<void> App::Impl::older_first() {
    if (hand_over) co_await hand_over->take_all();
}

void App::Impl::start_loops() {
    clockwork.start();
    dispatcher.start();
    hooks.start();
    pager.start();
    loop.start();
    auditor.start();
    events.start();
    reconciler.start(config.reconcile_every);
    net::spawn(io.get_executor(), watch_queues());
    const bool in_parts = std::ranges::any_of(config.gateways, [](const auto& account) {
        return account.kind == "vonage" && account.api == "sms";
    });
    if (in_parts) net::spawn(io.get_executor(), watch_parts());
}

asio::awaitable<void> App::Impl::stop_on_signal() {
    auto [failed, signal] = co_await signals.async_wait(as_result);
    if (failed) co_return;
    telemetry::log(Level::info, "stopping", {{"signal", signal}});
    end_within(std::chrono::ceil<std::chrono::seconds>(config.drain) + kBeyondDrain);
    net::spawn(io.get_executor(), end_on_second_signal());
    co_await drain();
    io.stop();
}

asio::awaitable<void> App::Impl::end_on_second_signal() {
    auto [failed, signal] = co_await signals.async_wait(as_result);
    if (failed) co_return;
    telemetry::log(Level::warning, "stopped_at_once", {{"signal", signal}});
    ::_exit(1);
}

/// The same signal says that a terminal is gone: a demo at one ends with it.
asio::awaitable<void> App::Impl::reload_on_hangup() {
    const bool at_terminal = ::isatty(STDIN_FILENO) != 0;
    for (;;) {
        auto [failed, signal] = co_await hangups.async_wait(as_result);
        if (failed || draining) co_return;
        if (at_terminal && ::isatty(STDIN_FILENO) == 0) {
            std::raise(SIGTERM);
            co_return;
        }
        flows.start();
    }
}

asio::awaitable<void> App::Impl::drain() {
    const auto until = std::chrono::steady_clock::now() + config.drain;
    draining = true;
    if (hand_over) hand_over->stop();
    clockwork.stop();
    reconciler.stop();
    auditor.stop();
    loop.stop();
    events.stop();
    const bool finished = co_await server.drain(config.drain);
    if (!finished) telemetry::log(Level::warning, "requests_cut");
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    hooks.stop();
    pager.stop();
    co_await dispatcher.drain(std::max(left, milliseconds{0}));
    asio::steady_timer pause(io);
    while (hooks.sending() + pager.sending() > 0 && std::chrono::steady_clock::now() < until) {
        pause.expires_after(milliseconds{20});
        co_await pause.async_wait(as_result);
    }
    co_await admin_server.drain(milliseconds{200});
}

/// Nobody knows what the disk holds now: nothing more is taken, and the next start reads what is really
/// there.
void App::Impl::store_failed(error_code why) {
    telemetry::log(Level::error, "store_failed", {{"error", Safe(why.message())}});
    exit_code = 1;
    if (std::exchange(draining, true)) return;
    end_within(kGiveUp);
    net::spawn(io.get_executor(), give_up());
}

asio::awaitable<void> App::Impl::give_up() {
    co_await server.drain(milliseconds{1'000});
    io.stop();
}

asio::awaitable<void> App::Impl::watch_queues() {
    asio::steady_timer pause(io);
    while (!draining) {
        auto ages = std::make_shared<store::QueueAges>();
        store::Store::ReadJob job = [ages](store::StoreReader& reader) -> error_code {
            *ages = reader.queue_ages(net::now());
            return {};
        };
        auto [failed] = co_await store->async_read(std::move(job), as_result);
        const auto seconds = [](std::int64_t millis) { return static_cast<double>(millis) / 1'000; };
        if (!failed) {
            metrics.set_queues(ages->outbox_queued, seconds(ages->outbox_oldest_ms), ages->escalations_open,
                               seconds(ages->escalations_oldest_ms));
        }
        metrics.set_connections(static_cast<std::int64_t>(server.open_connections()));
        pause.expires_after(kQueueAges);
        co_await pause.async_wait(as_result);
    }
}

std::vector<inbound::Reconciler::Number> App::Impl::own_numbers() const {
    std::vector<inbound::Reconciler::Number> all;
    for (const gateways::AccountSettings& account : config.gateways)
        for (const std::string& number : account.numbers)
            all.push_back({account_named(account.name), number});
    return all;
}

const gateways::Gateway* App::Impl::account_named(std::string_view name) const {
    const auto found = accounts.find(name);
    return found == accounts.end() ? nullptr : found->second.get();
}

/// Pieces of long texts whose others never came are heard all the same.
asio::awaitable<void> App::Impl::watch_parts() {
    asio::steady_timer pause(io);
    while (!draining) {
        auto received = std::make_shared<std::vector<std::shared_ptr<inbound::Received>>>();
        store::Store::Job job = inbound::overdue_parts_job(
            line, [this](std::string_view account) { return account_named(account); }, received);
        auto [failed] = co_await store->async_transact(std::move(job), as_result);
        if (!failed && !received->empty()) {
            committed();
            clockwork.wake();
        }
        pause.expires_after(kPartsLook);
        co_await pause.async_wait(as_result);
    }
}

App::App(Config config, std::shared_ptr<const bot::Content> content, FlowReload::Load load_flows)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(content), std::move(load_flows))) {}
App::~App() = default;
int App::run() { return impl_->run(); }

}  // namespace webhooks
