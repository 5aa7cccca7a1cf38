#include "webhooks/telemetry/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>
#include <vector>

namespace webhooks::telemetry {

namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using Buckets = Histogram::BucketBoundaries;

constexpr std::size_t kMaxSeries = 256;  ///< labels come from fixed lists: past this one of them does not

/// The series of one metric by its label values. Found in a short list under a lock of its own: the library's
/// look-up builds and hashes a map of strings each time.
template <class Metric, std::size_t Labels>
class Series {
public:
    using Values = std::array<std::string_view, Labels>;

    template <class... Extra>
    Metric& at(const Values& values, const Extra&... extra) {
        const std::lock_guard lock(mutex_);
        for (Entry& entry : entries_)
            if (std::equal(values.begin(), values.end(), entry.values.begin())) return *entry.metric;
        if (entries_.size() == kMaxSeries) return *entries_.back().metric;
        return add(values, extra...);
    }

    Series(prometheus::Family<Metric>& family, std::array<const char*, Labels> names)
        : family_(family), names_(names) {}

private:
    struct Entry {
        std::array<std::string, Labels> values;
        Metric* metric;
    };

    template <class... Extra>
    Metric& add(const Values& values, const Extra&... extra) {
        prometheus::Labels labels;
        Entry entry{};
        for (std::size_t i = 0; i < Labels; ++i) {
            entry.values[i] = values[i];
            labels[names_[i]] = values[i];
        }
        entry.metric = &family_.Add(labels, extra...);
        entries_.push_back(std::move(entry));
        return *entries_.back().metric;
    }

    prometheus::Family<Metric>& family_;
    std::array<const char*, Labels> names_;
    std::mutex mutex_;
    std::vector<Entry> entries_;
};

prometheus::Family<Counter>& counters(Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
prometheus::Family<Histogram>& histograms(Registry& registry, const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}
Gauge& gauge(Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

double seconds(std::chrono::milliseconds span) { return std::chrono::duration<double>(span).count(); }

const Buckets kHandOver{0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600};
const Buckets kAcknowledge{15, 30, 60, 120, 300, 600, 900, 1800, 3600, 14400};
const Buckets kPage{0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300};

}  // namespace

struct Metrics::Impl {
    Registry registry;

    Series<Counter, 2> inbound{
        counters(
            registry, "handrail_inbound_total",
            "Inbound webhooks by gateway account and result: accepted, duplicate, refused, malformed, busy"),
        {"account", "result"}};
    Series<Counter, 2> quarantined{
        counters(
            registry, "handrail_quarantined_total",
            "Webhooks kept for the operator: a signature that did not verify, or a text to a number that is "
            "not configured; must stay 0"),
        {"account", "reason"}};
    Series<Counter, 1> failed_turns{
        counters(registry, "handrail_turns_failed_total",
                 "Texts answered with the safe words because of a fault of ours; must stay 0"),
        {"account"}};
    Series<Counter, 1> replies{
        counters(registry, "handrail_texts_queued_total", "Texts put into the outbox by kind"), {"kind"}};
    Series<Counter, 2> handed_over{
        counters(registry, "handrail_handed_over_total", "Texts given to a gateway by account and outcome"),
        {"account", "outcome"}};
    Series<Histogram, 1> hand_over_time{
        histograms(registry, "handrail_receipt_to_hand_over_seconds",
                   "From the inbound webhook to the reply being accepted by the gateway"),
        {"account"}};
    Series<Counter, 2> rerouted{
        counters(registry, "handrail_rerouted_total",
                 "Texts that went by another account than their own because that one did not take them"),
        {"from", "to"}};
    Series<Gauge, 1> down{prometheus::BuildGauge()
                              .Name("handrail_gateway_down")
                              .Help("1 while an account takes no texts and is only tried again now and then")
                              .Register(registry),
                          {"account"}};
    Series<Counter, 1> consent{
        counters(registry, "handrail_consent_changes_total", "Lines of the consent ledger by new state"),
        {"to"}};
    Series<Counter, 1> escalations{
        counters(registry, "handrail_escalations_opened_total", "Escalations opened by priority"),
        {"priority"}};
    Series<Histogram, 1> acknowledge_time{
        histograms(registry, "handrail_time_to_acknowledge_seconds",
                   "From an escalation being opened to a person acknowledging it, by priority"),
        {"priority"}};
    Histogram& page_time = histograms(registry, "handrail_page_hand_over_seconds",
                                      "From a page being due to it being accepted by the gateway")
                               .Add({}, kPage);
    Series<Counter, 2> pages{
        counters(registry, "handrail_pages_total", "Pages by call and e-mail, by way and outcome"),
        {"way", "outcome"}};
    Gauge& paging_sound = gauge(registry, "handrail_paging_sound",
                                "1 when each open case has a next step and each page came to an end");
    Series<Counter, 2> hooks{
        counters(registry, "handrail_hook_deliveries_total", "Outgoing webhooks by endpoint and outcome"),
        {"endpoint", "outcome"}};
    Series<Counter, 1> flow_reloads{counters(registry, "handrail_flow_reloads_total",
                                             "Reloads of the flows (SIGHUP) by outcome: taken, refused"),
                                    {"outcome"}};
    Series<Counter, 1> sign_ups{
        counters(
            registry, "handrail_sign_ups_total",
            "Web sign-ups by result: asked (a text was sent), not_asked (known, opted out, given too often), "
            "or why one was refused"),
        {"result"}};
    Gauge& outbox = gauge(registry, "handrail_outbox_queued", "Texts waiting in the outbox");
    Gauge& outbox_age =
        gauge(registry, "handrail_outbox_oldest_seconds", "Age of the oldest text that is due");
    Gauge& open = gauge(registry, "handrail_escalations_open", "Escalations nobody has acknowledged");
    Gauge& open_age =
        gauge(registry, "handrail_escalations_oldest_seconds", "Age of the oldest unacknowledged escalation");
    Gauge& connections =
        gauge(registry, "handrail_http_connections", "Open connections of the webhook listener");
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::inbound(std::string_view account, std::string_view result) {
    impl_->inbound.at({account, result}).Increment();
}

void Metrics::quarantined(std::string_view account, std::string_view why) {
    impl_->quarantined.at({account, why}).Increment();
}

void Metrics::turn_failed(std::string_view account) { impl_->failed_turns.at({account}).Increment(); }

void Metrics::reply(std::string_view kind) { impl_->replies.at({kind}).Increment(); }

void Metrics::handed_over(std::string_view account, std::string_view outcome,
                          std::chrono::milliseconds since_receipt) {
    impl_->handed_over.at({account, outcome}).Increment();
    if (outcome == "sent") impl_->hand_over_time.at({account}, kHandOver).Observe(seconds(since_receipt));
}

void Metrics::rerouted(std::string_view from, std::string_view to) {
    impl_->rerouted.at({from, to}).Increment();
}

void Metrics::set_gateway_down(std::string_view account, bool down) {
    impl_->down.at({account}).Set(down ? 1 : 0);
}

void Metrics::consent(std::string_view to) { impl_->consent.at({to}).Increment(); }

void Metrics::escalation_opened(std::string_view priority) { impl_->escalations.at({priority}).Increment(); }

void Metrics::acknowledged(std::string_view priority, std::chrono::milliseconds after) {
    impl_->acknowledge_time.at({priority}, kAcknowledge).Observe(seconds(after));
}

void Metrics::page_handed_over(std::chrono::milliseconds after_due) {
    impl_->page_time.Observe(seconds(after_due));
}

void Metrics::sign_up(std::string_view result) { impl_->sign_ups.at({result}).Increment(); }

void Metrics::hook(std::string_view endpoint, std::string_view outcome) {
    impl_->hooks.at({endpoint, outcome}).Increment();
}

void Metrics::page(std::string_view way, std::string_view outcome) {
    impl_->pages.at({way, outcome}).Increment();
}

void Metrics::set_paging_sound(bool sound) { impl_->paging_sound.Set(sound ? 1 : 0); }

void Metrics::flows_reloaded(std::string_view outcome) { impl_->flow_reloads.at({outcome}).Increment(); }

void Metrics::set_queues(std::int64_t outbox, double outbox_oldest_s, std::int64_t escalations,
                         double oldest_s) {
    impl_->outbox.Set(static_cast<double>(outbox));
    impl_->outbox_age.Set(outbox_oldest_s);
    impl_->open.Set(static_cast<double>(escalations));
    impl_->open_age.Set(oldest_s);
}

void Metrics::set_connections(std::int64_t open) { impl_->connections.Set(static_cast<double>(open)); }

std::string Metrics::render() const {
    return prometheus::TextSerializer{}.Serialize(impl_->registry.Collect());
}

}  // namespace webhooks::telemetry
