#include "webhooks/staff/conversation_api.hpp"

#include <algorithm>
#include <map>

#include "bot/content.hpp"
#include "bot/normalize.hpp"
#include "bot/redact.hpp"
#include "bot/staff.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/parse_time.hpp"
#include "webhooks/staff/conversation_parts.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::ContactId;
using store::StoreReader;

constexpr std::size_t kMostQueued = 300;
constexpr std::size_t kTagsLookedThrough = 2'000;

struct Waiting {
    store::ContactRow row;
    bot::Conversation state;
    std::optional<store::EscalationRow> escalation;
    store::MessageRow last_text;  ///< of the texter; id 0: none
    bot::TimePoint since;
};

bot::TimePoint waiting_since(const Waiting& one) {
    const bool open = one.escalation && one.escalation->ladder.state != bot::EscalationState::acknowledged;
    if (open) return one.escalation->ladder.opened_at;
    return bot::texter_waits(one.state) ? *one.state.last_inbound : one.row.updated_at;
}

/// Lower is graver; what is only held comes last.
int grade(const Waiting& one) {
    return one.escalation ? static_cast<int>(one.escalation->ladder.priority) : 4;
}

std::string_view why(const Waiting& one) {
    if (one.escalation) return grade(one) <= 1 ? "danger" : "person_wanted";
    return bot::texter_waits(one.state) ? "unanswered" : "held";
}

std::vector<Waiting> read_queue(StoreReader& reader) {
    std::map<ContactId, Waiting> all;
    for (store::EscalationRow& row : reader.escalations(true, kMostQueued)) {
        const ContactId contact = row.contact;
        all[contact].escalation = std::move(row);
    }
    for (const ContactId contact : reader.staff().held(kMostQueued)) all.try_emplace(contact);
    std::vector<Waiting> queue;
    for (auto& [contact, one] : all) {
        auto row = reader.contact(contact);
        if (!row) continue;
        one.row = std::move(*row);
        one.state = state_of(one.row.conversation);
        const auto latest = reader.messages(contact, 10);
        const auto last =
            std::find_if(latest.rbegin(), latest.rend(), [](const auto& m) { return m.inbound; });
        if (last != latest.rend()) one.last_text = *last;
        one.since = waiting_since(one);
        queue.push_back(std::move(one));
    }
    std::ranges::sort(queue, [](const Waiting& a, const Waiting& b) {
        return std::pair(grade(a), a.since) < std::pair(grade(b), b.since);
    });
    return queue;
}

json render(const Waiting& one, const bot::LineSettings& line, bool sees_numbers, bot::TimePoint now) {
    const bool wrote = one.last_text.id.value != 0;
    return {{"contact", render_contact(one.row, one.state, line, sees_numbers, now)},
            {"why", why(one)},
            {"escalation", one.escalation ? staff::render(*one.escalation) : json(nullptr)},
            {"held_by", one.state.held_by ? json(*one.state.held_by) : json(nullptr)},
            {"idle_until", iso_time(bot::idle_until(one.state))},
            {"waiting_since", iso_time(one.since)},
            {"unanswered", bot::texter_waits(one.state)},
            {"last_text", one.last_text.text},
            {"last_text_at", wrote ? json(iso_time(one.last_text.at)) : json(nullptr)},
            {"at", render_place(one.state)},
            {"version", one.row.conversation.turn}};
}

bool is_wanted(const Waiting& one, const std::string& held, const std::optional<bot::Priority>& priority,
               const std::string& me) {
    if (priority && (!one.escalation || one.escalation->ladder.priority != *priority)) return false;
    if (held == "me") return one.state.held_by == me;
    if (held == "nobody") return !one.state.held_by;
    return held != "anybody" || one.state.held_by.has_value();
}

/// What the search box of the page may hold.
std::vector<store::ContactRow> search(StoreReader& reader, const std::string& words, const Page& page) {
    std::vector<store::ContactRow> found;
    const auto keep = [&](std::optional<ContactId> id) {
        auto row = id ? reader.contact(*id) : std::nullopt;
        if (row) found.push_back(std::move(*row));
    };
    if (bot::is_e164(words)) {
        keep(reader.find_contact(words));
    } else if (words.starts_with('#')) {
        for (store::ContactRow& row : reader.contacts(kTagsLookedThrough, page.before))
            if (found.size() < page.limit && state_of(row.conversation).tags.contains(words.substr(1)))
                found.push_back(std::move(row));
    } else {
        for (const store::EscalationRow& row : reader.escalations(false, kTagsLookedThrough))
            if (row.code == words && found.empty()) keep(row.contact);
    }
    return found;
}

}  // namespace

json render_heard(const store::MessageRow& row, const bot::Content& content) {
    json view = render(row);
    if (!row.inbound) return view;
    const std::string& by = row.said_by;
    std::string fired;
    json heard = json::array();
    for (const store::Heard& one : row.heard) heard.push_back({{"rule", one.rule}, {"words", one.words}});
    if (!row.heard.empty()) {
        fired = row.heard.front().words;
    } else if (by.find("risk.") != std::string::npos || by.ends_with(".danger")) {
        const bot::RiskReading reading = content.ears->risk.read(bot::normalize(row.text));
        fired = reading.findings.empty() ? "danger" : reading.findings.front().heard;
    } else if (by.starts_with("consent.")) {
        fired = "opt-out or opt-in";
    } else if (by.starts_with("not understood")) {
        fired = "not understood";
    } else if (by == "held") {
        fired = "for staff";
    }
    view["fired"] = fired;
    view["heard"] = std::move(heard);
    return view;
}

void ConversationApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (ConversationApi::*)(const Call&);
    const auto get = [&](std::string path, Permission needs, Method handle) {
        routes.push_back({"GET", "/api/v1" + path, needs, false,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    constexpr Permission kRead = Permission::read_conversations;
    get("/queue", kRead, &ConversationApi::queue);
    get("/conversations", kRead, &ConversationApi::conversations);
    get("/conversations/{}", kRead, &ConversationApi::conversation);
    get("/conversations/{}/messages", kRead, &ConversationApi::messages);
    for (const char* part : {"notes", "actions", "escalations", "check-ins"})
        get(std::string("/conversations/{}/") + part, kRead, &ConversationApi::part);
    get("/conversations/{}/consent", Permission::read_ledger, &ConversationApi::part);
    get("/escalations", kRead, &ConversationApi::escalations);
    get("/escalations/{}/history", kRead, &ConversationApi::history);
    get("/outbox", kRead, &ConversationApi::outbox);
    get("/events", kRead, &ConversationApi::events);
}

asio::awaitable<Response> ConversationApi::queue(const Call& call) {
    const std::string held(http::field(call.query, "held").value_or(""));
    if (!held.empty() && held != "anybody" && held != "me" && held != "nobody")
        co_return http::problem(400, "Bad request", "anybody, me or nobody.", "held");
    std::optional<bot::Priority> priority;
    if (const auto word = http::field(call.query, "priority")) {
        priority = bot::parse_priority(*word);
        if (!priority) co_return http::problem(400, "Bad request", "P0 to P3.", "priority");
    }
    struct View {
        std::vector<Waiting> waiting;
        std::int64_t event = 0;
    };
    const std::function<View(StoreReader&)> look = [](StoreReader& reader) {
        return View{read_queue(reader), reader.last_event_id()};
    };
    const auto view = co_await read_from<View>(parts_.store, look);
    if (!view) co_return store_down();
    const auto engine = parts_.line->engine->get();
    const bot::TimePoint now = net::now();
    json items = json::array();
    for (const Waiting& one : view->waiting)
        if (is_wanted(one, held, priority, call.caller.actor.name))
            items.push_back(render(one, engine->line(), call.caller.sees_numbers, now));
    co_return answer(200, {{"items", std::move(items)}, {"event", view->event}});
}

asio::awaitable<Response> ConversationApi::conversations(const Call& call) {
    const auto page = page_of(call);
    if (!page) co_return page.error();
    const std::string words(http::field(call.query, "search").value_or(""));
    if (words.size() > 256) co_return http::problem(400, "Bad request", "Too long.", "search");
    using Rows = std::vector<store::ContactRow>;
    const std::function<Rows(StoreReader&)> look = [words, p = *page](StoreReader& reader) {
        return words.empty() ? reader.contacts(p.limit, p.before) : search(reader, words, p);
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    const bool sees = call.caller.sees_numbers;
    co_return list_of(*rows, [&](const store::ContactRow& row) { return staff::render(row, sees); });
}

asio::awaitable<Response> ConversationApi::show(ContactId contact, const Caller& caller, int status) {
    struct View {
        std::optional<store::ContactRow> row;
        std::optional<store::EscalationRow> escalation;
        json call;
        std::int64_t event = 0;
    };
    const std::function<View(StoreReader&)> look = [contact](StoreReader& reader) {
        View view{reader.contact(contact), std::nullopt, nullptr, reader.last_event_id()};
        for (store::EscalationRow& one : reader.escalations_of(contact))
            if (one.ladder.state != bot::EscalationState::resolved && !view.escalation)
                view.escalation = std::move(one);
        if (view.escalation) view.call = render_call(reader.escalation_history(view.escalation->id));
        return view;
    };
    const auto view = co_await read_from<View>(parts_.store, look);
    if (!view) co_return store_down();
    if (!view->row) co_return not_found();
    const auto engine = parts_.line->engine->get();
    const bot::TimePoint now = net::now();
    const bot::Conversation state = state_of(view->row->conversation);
    const Refusal bar = reply_bar(engine->check_reply(state, caller.actor.name, now), state);
    co_return answer(
        status, {{"contact", render_contact(*view->row, state, engine->line(), caller.sees_numbers, now)},
                 {"version", view->row->conversation.turn},
                 {"held_by", state.held_by ? json(*state.held_by) : json(nullptr)},
                 {"hold_ends_at", iso_time(bot::hold_ends(state))},
                 {"idle_until", iso_time(bot::idle_until(state))},
                 {"quiet_hold", state.quiet_hold},
                 {"at", render_place(state)},
                 {"escalation", view->escalation ? staff::render(*view->escalation) : json(nullptr)},
                 {"call", view->call},
                 {"trusted_person", render_trusted_person(state, caller.sees_numbers)},
                 {"may_reply",
                  {{"ok", bar.code.empty()},
                   {"code", bar.code},
                   {"detail", bar.detail},
                   {"until", iso_time(bar.until)}}},
                 {"updated_at", iso_time(view->row->updated_at)},
                 {"event", view->event}});
}

asio::awaitable<Response> ConversationApi::conversation(const Call& call) {
    const auto id = call.id();
    if (!id) co_return not_found();
    co_return co_await show({*id}, call.caller);
}

asio::awaitable<Response> ConversationApi::messages(const Call& call) {
    const auto page = page_of(call);
    if (!page) co_return page.error();
    const auto id = call.id();
    if (!id) co_return not_found();
    bot::TimePoint until = bot::TimePoint::max();
    if (const auto word = http::field(call.query, "before_time")) {
        const auto time = net::parse_time(*word);
        if (!time)
            co_return http::problem(400, "Bad request", "A time like 2026-03-07T17:00:00Z.", "before_time");
        until = *time;
    }
    struct View {
        bool known = false;
        json items = json::array();
        std::int64_t event = 0;
    };
    const auto engine = parts_.line->engine->get();
    const std::function<View(StoreReader&)> look = [engine, contact = ContactId{*id}, limit = page->limit,
                                                    until](StoreReader& reader) {
        View view{reader.contact(contact).has_value(), json::array(), reader.last_event_id()};
        for (const store::MessageRow& row : reader.messages(contact, limit, until))
            view.items.push_back(render_heard(row, engine->content()));
        return view;
    };
    auto view = co_await read_from<View>(parts_.store, look);
    if (!view) co_return store_down();
    if (!view->known) co_return not_found();
    co_return answer(200, {{"items", std::move(view->items)}, {"event", view->event}});
}

asio::awaitable<Response> ConversationApi::part(const Call& call) {
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::string_view path = call.request.path();
    const std::string name(path.substr(path.rfind('/') + 1));
    using Items = std::optional<json>;
    const std::function<Items(StoreReader&)> look = [name,
                                                     contact = ContactId{*id}](StoreReader& reader) -> Items {
        const auto row = reader.contact(contact);
        if (!row) return std::nullopt;
        return read_part(reader, *row, name);
    };
    auto items = co_await read_from<Items>(parts_.store, look);
    if (!items) co_return store_down();
    if (!*items) co_return not_found();
    co_return answer(200, {{"items", std::move(**items)}});
}

asio::awaitable<Response> ConversationApi::escalations(const Call& call) {
    const auto page = page_of(call);
    if (!page) co_return page.error();
    const std::string open(http::field(call.query, "open").value_or("false"));
    if (open != "true" && open != "false")
        co_return http::problem(400, "Bad request", "true or false.", "open");
    using Rows = std::vector<store::EscalationRow>;
    const std::function<Rows(StoreReader&)> look = [only_open = open == "true",
                                                    limit = page->limit](StoreReader& reader) {
        return reader.escalations(only_open, limit);
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    co_return list_of(*rows, [](const store::EscalationRow& row) { return staff::render(row); });
}

asio::awaitable<Response> ConversationApi::history(const Call& call) {
    const auto id = call.id();
    if (!id) co_return not_found();
    using Rows = std::vector<store::EscalationLogEntry>;
    const std::function<Rows(StoreReader&)> look = [id](StoreReader& reader) {
        return reader.escalation_history({*id});
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    if (rows->empty()) co_return not_found();  // the first entry says that it was opened
    co_return list_of(*rows, [](const store::EscalationLogEntry& row) { return staff::render(row); });
}

asio::awaitable<Response> ConversationApi::outbox(const Call& call) {
    const auto page = page_of(call);
    if (!page) co_return page.error();
    using Rows = std::vector<store::MessageRow>;
    const std::function<Rows(StoreReader&)> look = [p = *page](StoreReader& reader) {
        return reader.outbox(p.limit, p.before);
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    co_return list_of(*rows, [](const store::MessageRow& row) { return staff::render(row); });
}

asio::awaitable<Response> ConversationApi::events(const Call& call) {
    std::optional<std::int64_t> after;
    if (const auto first = http::field(call.query, "after")) {
        after = as_number(*first);
        if (!after) co_return http::problem(400, "Bad request", "The id of an event.", "after");
    }
    if (const auto last = call.request.header("Last-Event-ID")) {
        after = as_number(*last);
        if (!after) co_return http::problem(400, "Bad Last-Event-ID", "The id of an event.", "Last-Event-ID");
    }
    EventHub::Watcher watcher{call.caller.session, call.caller.actor.name, std::nullopt};
    if (!call.caller.session.empty()) watcher.until = call.caller.ends_at;
    Response response;
    response.stream = parts_.events.subscribe(after, std::move(watcher));
    co_return response;
}

}  // namespace webhooks::staff
