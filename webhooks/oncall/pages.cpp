#include "webhooks/oncall/pages.hpp"

#include <algorithm>
#include <charconv>

#include "webhooks/net/digest.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/oncall/ladder.hpp"
#include "webhooks/oncall/staff_news.hpp"

namespace webhooks::oncall {

namespace {

using store::EscalationRow;
using store::PageState;
using store::StoreTx;

constexpr char kWayMark = '@';
constexpr std::size_t kSignature = 22;  // characters of base64: 132 bits

/// "esc7/Maya/P0-2@1": the case, the person, the attempt, and by which further number of ours. Of a text that
/// is no page ("esc7/Maya/taken-1") there is no name.
struct PageKey {
    std::string base;
    std::string name;
    std::size_t way = 0;
};

PageKey read_key(std::string_view key) {
    PageKey read;
    const std::size_t mark = key.rfind(kWayMark);
    if (mark != std::string_view::npos && mark > key.rfind('/')) {
        std::from_chars(key.data() + mark + 1, key.data() + key.size(), read.way);
        key = key.substr(0, mark);
    }
    read.base = key;
    const std::size_t name = key.find('/');
    const std::size_t attempt = key.rfind("/P");
    const bool is_page = key.starts_with("esc") && name < attempt && attempt + 3 < key.size() &&
                         key[attempt + 3] == '-' && attempt != std::string_view::npos;
    if (is_page) read.name = key.substr(name + 1, attempt - name - 1);
    return read;
}

std::string key_of_way(const std::string& base, std::size_t way) {
    return way == 0 ? base : base + kWayMark + std::to_string(way);
}

void text_page(StoreTx& tx, const Roster& roster, const EscalationRow& row, const bot::Responder& who,
               const std::string& key, store::PageId page, bot::TimePoint now) {
    std::string text = page_text(row, roster.case_link, now);
    if (const std::string link = ack_link(roster, page); !link.empty()) text += " " + link;
    text_responder(tx, roster, who, std::move(text), row.id, key, now);
}

std::string signature_of(const Roster& roster, std::string_view id) {
    std::string text = net::hmac_sha256_base64(roster.ack_secret, std::string("ack/").append(id));
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text.substr(0, kSignature);
}

}  // namespace

std::string_view word_for(bot::PageBy by) noexcept {
    constexpr std::string_view kWords[]{"sms", "voice", "email", "webhook", "call"};
    return kWords[static_cast<std::size_t>(by)];
}

std::vector<std::string> keys_of_ways(const Roster& roster, const std::string& key) {
    std::vector<std::string> keys;
    for (std::size_t way = 0; way <= roster.other_ways.size(); ++way) keys.push_back(key_of_way(key, way));
    return keys;
}

void page_person(StoreTx& tx, const Roster& roster, const EscalationRow& row, const bot::Responder& who,
                 const std::string& attempt, bot::TimePoint now) {
    const std::string base = key_for(row, who.name, attempt);
    std::size_t number = 0;
    for (const bot::NotificationRule& rule : who.rules) {
        const bool text_now = rule.by == bot::PageBy::sms && rule.after.count() == 0;
        // The text at once keeps the plain key: its fate in the outbox is looked up by it.
        std::string key = base;
        if (!text_now) key.append("/").append(word_for(rule.by)).append(std::to_string(++number));
        const store::PageId page =
            tx.add_page({.escalation = row.id,
                         .responder = who.name,
                         .by = rule.by,
                         .hook = rule.hook,
                         .key = key,
                         .note = {},
                         .state = text_now ? PageState::handed_over : PageState::waiting,
                         .at = now,
                         .due = now + rule.after});
        if (text_now) text_page(tx, roster, row, who, key, page, now);
        tx.log_escalation(row.id, "paged", who.name, word_for(rule.by), now);
    }
}

bool has_other_way(const Roster& roster, std::string_view key) {
    const PageKey page = read_key(key);
    return !page.name.empty() && page.way < roster.other_ways.size();
}

bool page_by_other_way(StoreTx& tx, const Roster& roster, const EscalationRow& row, std::string_view key,
                       bot::TimePoint now) {
    const PageKey failed = read_key(key);
    const bot::Responder* who = roster.by_name(failed.name);
    if (who == nullptr || failed.way >= roster.other_ways.size()) return false;
    Roster by_other;
    by_other.page_account = roster.other_ways[failed.way].account;
    by_other.page_channel = roster.other_ways[failed.way].channel;
    text_responder(tx, by_other, *who, page_text(row, roster.case_link, now), row.id,
                   key_of_way(failed.base, failed.way + 1), now);
    tx.log_escalation(row.id, "paged", who->name, "sms by another gateway", now);
    return true;
}

bool may_arrive(StoreTx& tx, const Roster& roster, const std::string& key,
                const std::vector<store::PageRow>& pages) {
    for (const std::string& one : keys_of_ways(roster, key)) {
        const auto state = tx.state_of_page(one);
        if (state && *state != store::OutboxState::failed && *state != store::OutboxState::stale) return true;
    }
    return std::any_of(pages.begin(), pages.end(), [&](const store::PageRow& page) {
        return page.key.starts_with(key + "/") && page.state < PageState::not_reached;
    });
}

void send_page(StoreTx& tx, const Roster& roster, const store::PageRow& page, bot::TimePoint now) {
    const bot::Responder* who = roster.by_name(page.responder);
    const auto row = page.escalation ? tx.escalation(*page.escalation) : std::nullopt;
    if (who == nullptr || (page.escalation && !row)) {
        tx.mark_page(page.id, PageState::failed, now);
        return;
    }
    if (page.by == bot::PageBy::hook)
        call_hook(tx, roster, page, row, now);
    else if (row)
        text_page(tx, roster, *row, *who, page.key, page.id, now);
    else
        text_responder(tx, roster, *who, page.note, std::nullopt, page.key, now);
    tx.mark_page(page.id, PageState::handed_over, now);
}

std::string ack_link(const Roster& roster, store::PageId page) {
    if (roster.ack_secret.empty()) return {};
    const std::string id = std::to_string(page.value);
    return roster.public_url + "/oncall/" + id + "-" + signature_of(roster, id);
}

std::optional<store::PageId> page_of_link(const Roster& roster, std::string_view link) {
    const std::size_t dash = link.find('-');
    if (roster.ack_secret.empty() || dash == std::string_view::npos) return std::nullopt;
    const std::string_view id = link.substr(0, dash);
    if (!net::same_secret(link.substr(dash + 1), signature_of(roster, id))) return std::nullopt;
    store::PageId page;
    const auto [end, failed] = std::from_chars(id.data(), id.data() + id.size(), page.value);
    if (failed != std::errc{} || end != id.data() + id.size()) return std::nullopt;
    return page;
}

}  // namespace webhooks::oncall
