#pragma once
#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/escalation.hpp"
#include "bot/oncall_schedule.hpp"
#include "bot/working_hours.hpp"

namespace webhooks::oncall {

/// In whose words a webhook speaks (hook_formats.hpp).
enum class HookFormat { standard, slack, teams, pagerduty, goalert };

/// Another system that is told of escalations: by signed webhook (Standard Webhooks), or in the format of its
/// own.
struct Endpoint {
    std::string name;
    std::string url;               ///< may hold a secret, when the format has its key there
    std::string secret;            ///< "whsec_...": of HookFormat::standard; else empty or to sign with too
    std::set<std::string> events;  ///< "escalation.opened" ...; empty: all
    HookFormat format = HookFormat::standard;
    std::string routing_key{};  ///< of PagerDuty
    /// Signs what the tool tells us (outside.hpp): "whsec_..." or, of PagerDuty, that of its webhook
    /// subscription; empty: it is not listened to.
    std::string answer_secret{};
};

/// How webhooks that administrators manage are treated (managed_webhooks.hpp).
struct WebhookSettings {
    /// A machine of one's own network may be told too. Otherwise only the public internet is: whoever may
    /// type a URL on a page must not reach what this server can reach (SSRF).
    bool allow_private = false;
    std::chrono::seconds give_up_after{72 * 3'600};     ///< nothing was taken for as long
    std::chrono::seconds old_secret_signs{24 * 3'600};  ///< beside the new one, after a rotation
};

/// One of our numbers that pages leave by.
struct PageWay {
    std::string account;
    std::string channel;
};

/// Calls by the Calls resource of a Twilio account.
struct VoiceSettings {
    std::string account;  ///< gateway account; empty: nobody can be called
    std::string number;   ///< ours, that calls come from
    std::chrono::seconds ring_for{30};
};

/// A mail server that takes pages.
struct MailSettings {
    std::string server;  ///< "smtps://mail.example.org"; empty: no e-mail
    std::string from;    ///< address
    std::string user;
    std::string password;
};

/// Texts of ours to ourselves, through the real gateway and back (loop_check.hpp).
struct LoopSettings {
    PageWay from;
    PageWay to;
    std::chrono::seconds every{0};  ///< 0: none are sent
    std::chrono::seconds patience{180};
};

/// Who is on call and how they are reached. Immutable after start.
struct Roster {
    std::vector<bot::Responder> people;
    std::array<bot::EscalationPolicy, 4> policies;  ///< by priority
    std::string page_account;                       ///< gateway account that pages leave by
    std::string page_channel;                       ///< our number there
    std::vector<Endpoint> endpoints;
    std::string case_link;  ///< put in pages with the code appended; empty: no link
    bot::Rota rota;
    bot::UtcOffset utc_offset;                       ///< for the rota; empty counts as UTC
    std::optional<bot::WorkingHours> working_hours;  ///< in which P3 pages; empty: at any hour
    std::vector<PageWay> other_ways;                 ///< tried in turn when a page cannot leave by the first
    VoiceSettings voice;
    MailSettings mail;
    std::string public_url;  ///< where the gateway and browsers reach us; no trailing slash
    std::string ack_secret;  ///< signs one-time links in pages; empty: pages carry none
    LoopSettings loop;
    WebhookSettings webhooks;
    std::string heartbeat_url;  ///< told by the auditor that all is well; empty: nobody

    [[nodiscard]] const bot::Responder* by_name(std::string_view name) const noexcept;
    [[nodiscard]] const bot::Responder* by_phone(std::string_view e164) const noexcept;
    /// Whether a rung may still name this: a person or a schedule.
    [[nodiscard]] bool knows(std::string_view name) const noexcept;
    /// Who stands in for somebody whose phone says STOP: their deputy, or the next person on the list.
    [[nodiscard]] const bot::Responder* deputy_of(const bot::Responder& who) const noexcept;
    /// Who a name on a rung stands for: a person, with their deputy when their phone says STOP, or whoever a
    /// schedule puts on call. Refers to this roster.
    /// @param overrides  made since the start, beside those of the configuration
    /// @param stopped    names whose phone says STOP: paged all the same, never in silence
    [[nodiscard]] bot::Reach reach(std::vector<bot::Override> overrides = {},
                                   std::set<std::string> stopped = {}) const;
    /// Nothing when this priority pages at once; else when working hours begin.
    [[nodiscard]] std::optional<bot::TimePoint> waits_until(bot::Priority priority, bot::TimePoint now) const;
    [[nodiscard]] const bot::EscalationPolicy& policy(bot::Priority priority) const noexcept {
        return policies[static_cast<std::size_t>(priority)];
    }
};

}  // namespace webhooks::oncall
