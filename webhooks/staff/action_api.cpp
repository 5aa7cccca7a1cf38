#include "webhooks/staff/action_api.hpp"

#include <algorithm>

#include "bot/content.hpp"
#include "bot/json_text.hpp"
#include "bot/segments.hpp"
#include "bot/staff.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/staff/export.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::ContactId;

constexpr std::size_t kLongestReply = 1'600;
constexpr std::size_t kLongestNote = 4'000;
constexpr std::chrono::hours kFurthestVisit{24 * 730};
constexpr std::chrono::hours kFurthestCall{24 * 60};
constexpr std::string_view kOutcomes[]{"safe_now", "called", "emergency_services", "referred", "no_answer",
                                       "mistaken", "other"};

bool is_tag(const std::string& word) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !word.empty() && word.size() <= 32 && word.front() >= 'a' && word.front() <= 'z' &&
           std::ranges::all_of(word, fits);
}

std::set<std::string> tags_of(Fields& fields, const std::string& name, bool new_ones) {
    const auto words = fields.maybe_words(name).value_or(std::vector<std::string>{});
    for (const std::string& word : words)
        if (new_ones && !is_tag(word))
            fields.refuse(name, "A tag is a small letter, then letters, digits or _.");
    return {words.begin(), words.end()};
}

/// Units of one segment alone, and of each when there are several (bot/segments.hpp).
std::size_t units_left(const bot::Segments& counted) {
    const bool plain = counted.encoding == bot::Encoding::gsm7;
    const std::size_t alone = plain ? 160 : 70;
    const std::size_t each = plain ? 153 : 67;
    const std::size_t room = counted.segments <= 1 ? alone : counted.segments * each;
    return room > counted.units ? room - counted.units : 0;
}

}  // namespace

void ActionApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (ActionApi::*)(const Call&);
    const auto post = [&](std::string path, Permission needs, Method handle) {
        routes.push_back({"POST", "/api/v1/conversations/{}/" + path, needs, false,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    post("take", Permission::act, &ActionApi::take);
    post("reply", Permission::act, &ActionApi::reply);
    post("check", Permission::act, &ActionApi::check);
    post("note", Permission::act, &ActionApi::note);
    post("tags", Permission::act, &ActionApi::tag);
    post("visit", Permission::act, &ActionApi::visit);
    post("call-back", Permission::act, &ActionApi::call_back);
    post("call", Permission::act, &ActionApi::call_texter);
    post("transfer", Permission::act, &ActionApi::transfer);
    post("hand-back", Permission::act, &ActionApi::hand_back);
    post("resolve", Permission::act, &ActionApi::resolve);
    post("typing", Permission::act, &ActionApi::typing);
    post("reveal", Permission::reveal_numbers, &ActionApi::reveal);
    post("export", Permission::export_contact, &ActionApi::export_contact);
}

template <class T>
asio::awaitable<std::optional<Outcome<T>>> ActionApi::run(const Call& call,
                                                          std::function<Outcome<T>(Actions&)> what) {
    const std::function<Outcome<T>(store::StoreTx&)> work = [what, line = parts_.line,
                                                             who = call.caller.actor](store::StoreTx& tx) {
        Actions actions(tx, *line, who, net::now());
        return what(actions);
    };
    co_return co_await write_to<Outcome<T>>(parts_, work);
}

asio::awaitable<Response> ActionApi::act(const Call& call, Act what) {
    const auto id = call.id();
    if (!id) co_return not_found();
    const ContactId contact{*id};
    const std::function<Outcome<void>(Actions&)> work = [what, contact](Actions& actions) {
        return what(actions, contact);
    };
    const auto done = co_await run<void>(call, work);
    if (!done) co_return store_down();
    if (!*done) co_return refuse(done->error());
    co_return co_await conversations_.show(contact, call.caller);
}

asio::awaitable<Response> ActionApi::take(const Call& call) {
    Fields fields(call.body);
    const bool over = fields.flag("take_over");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const Act what = [over](Actions& actions, ContactId contact) { return actions.take(contact, over); };
    co_return co_await act(call, what);
}

asio::awaitable<Response> ActionApi::reply(const Call& call) {
    Fields fields(call.body);
    Actions::Reply reply;
    reply.text = fields.text("text", 1, kLongestReply);
    reply.version = static_cast<std::uint64_t>(fields.number("version"));
    reply.key = fields.text("key", 8, 64);
    reply.by_night = fields.flag("in_quiet_hours");
    if (std::ranges::all_of(reply.text, [](char c) { return c == ' ' || c == '\n' || c == '\t'; }))
        fields.refuse("text", "Must not be blank.");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const ContactId contact{*id};
    const std::function<Outcome<store::MessageId>(Actions&)> work = [reply, contact](Actions& actions) {
        return actions.reply(contact, reply);
    };
    const auto sent = co_await run<store::MessageId>(call, work);
    if (!sent) co_return store_down();
    if (!*sent) co_return refuse(sent->error());
    using Row = std::optional<store::MessageRow>;
    const std::function<Row(store::StoreReader&)> look =
        [contact, message = **sent](store::StoreReader& reader) -> Row {
        for (store::MessageRow& row : reader.messages(contact, 200))
            if (!row.inbound && row.id == message) return std::move(row);
        return std::nullopt;
    };
    const auto row = co_await read_from<Row>(parts_.store, look);
    if (!row) co_return store_down();
    if (!*row) co_return refuse(500, "unreadable", "It was sent, but cannot be read back.");
    co_return answer(201, staff::render(**row));
}

asio::awaitable<Response> ActionApi::check(const Call& call) {
    Fields fields(call.body);
    const std::string text = fields.text("text", 0, kLongestReply);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto engine = parts_.line->engine->get();
    const bot::ReplyWords words = bot::reply_words(text, call.caller.actor.name, engine->line());
    if (!words.unknown.empty())
        co_return refuse(422, "unknown_placeholder", "Not a placeholder of this line: " + words.unknown);
    const bot::Segments counted = bot::count_segments(words.text);
    co_return answer(200, {{"encoding", counted.encoding == bot::Encoding::gsm7 ? "gsm7" : "ucs2"},
                           {"segments", counted.segments},
                           {"units", counted.units},
                           {"left", units_left(counted)},
                           {"beyond_gsm7", bot::beyond_gsm7(words.text)},
                           {"text", words.text}});
}

asio::awaitable<Response> ActionApi::note(const Call& call) {
    Fields fields(call.body);
    const std::string text = fields.text("text", 1, kLongestNote);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<Outcome<store::NoteRow>(Actions&)> work =
        [text, contact = ContactId{*id}](Actions& actions) { return actions.note(contact, text); };
    const auto note = co_await run<store::NoteRow>(call, work);
    if (!note) co_return store_down();
    if (!*note) co_return refuse(note->error());
    co_return answer(201, staff::render(**note));
}

asio::awaitable<Response> ActionApi::tag(const Call& call) {
    Fields fields(call.body);
    const auto add = tags_of(fields, "add", true);
    const auto remove = tags_of(fields, "remove", false);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const Act what = [add, remove](Actions& actions, ContactId contact) {
        return actions.tag(contact, add, remove);
    };
    co_return co_await act(call, what);
}

asio::awaitable<Response> ActionApi::visit(const Call& call) {
    Fields fields(call.body);
    const std::string what = fields.text("what", 1, 16);
    bot::Event event = bot::VisitCancelled{};
    if (what == "set") {
        const bot::TimePoint at = fields.time("at");
        const bot::TimePoint now = net::now();
        if (at <= now || at > now + kFurthestVisit) fields.refuse("at", "Ahead of us, and within two years.");
        event = bot::VisitSet{at};
    } else if (what == "missed") {
        event = bot::VisitMissed{};
    } else if (what != "cancelled") {
        fields.refuse("what", "set, cancelled or missed.");
    }
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<Outcome<Visit>(Actions&)> work = [event, what,
                                                          contact = ContactId{*id}](Actions& actions) {
        return actions.visit(contact, event, what);
    };
    const auto visit = co_await run<Visit>(call, work);
    if (!visit) co_return store_down();
    if (!*visit) co_return refuse(visit->error());
    co_return answer(200, {{"visit_at", iso_time((*visit)->at)}, {"text_at", iso_time((*visit)->text_at)}});
}

asio::awaitable<Response> ActionApi::call_back(const Call& call) {
    Fields fields(call.body);
    const std::string what = fields.text("what", 1, 16);
    bot::Event event = bot::CallBackEnded{bot::TaskEnd::done};
    if (what == "set") {
        const bot::TimePoint at = fields.time("at");
        const bot::TimePoint now = net::now();
        if (at <= now || at > now + kFurthestCall) fields.refuse("at", "Ahead of us, and within 60 days.");
        event = bot::CallBackSet{at};
    } else if (what == "missed" || what == "cancelled") {
        event = bot::CallBackEnded{what == "missed" ? bot::TaskEnd::missed : bot::TaskEnd::cancelled};
    } else if (what != "done") {
        fields.refuse("what", "set, done, missed or cancelled.");
    }
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<Outcome<store::TaskRow>(Actions&)> work =
        [event, what, contact = ContactId{*id}](Actions& actions) {
            return actions.call_back(contact, event, what);
        };
    const auto task = co_await run<store::TaskRow>(call, work);
    if (!task) co_return store_down();
    if (!*task) co_return refuse(task->error());
    co_return answer(200, staff::render(**task));
}

asio::awaitable<Response> ActionApi::call_texter(const Call& call) {
    Fields fields(call.body);
    const std::string key = fields.text("key", 8, 64);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const Act what = [key](Actions& actions, ContactId contact) { return actions.call(contact, key); };
    co_return co_await act(call, what);
}

asio::awaitable<Response> ActionApi::transfer(const Call& call) {
    Fields fields(call.body);
    const std::string to = fields.text("to", 1, 64);
    const std::string note = fields.maybe_text("note", kLongestNote).value_or("");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const Act what = [to, note](Actions& actions, ContactId contact) {
        return actions.transfer(contact, to, note);
    };
    co_return co_await act(call, what);
}

asio::awaitable<Response> ActionApi::hand_back(const Call& call) {
    Fields fields(call.body);
    const std::string to = fields.maybe_text("to", 100).value_or("");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const Act what = [to](Actions& actions, ContactId contact) { return actions.hand_back(contact, to); };
    co_return co_await act(call, what);
}

asio::awaitable<Response> ActionApi::resolve(const Call& call) {
    Fields fields(call.body);
    const std::string reason = fields.text("reason", 1, 64);
    const std::string note = fields.maybe_text("note", kLongestNote).value_or("");
    if (std::ranges::find(kOutcomes, reason) == std::end(kOutcomes))
        fields.refuse("reason",
                      "One of safe_now, called, emergency_services, referred, no_answer, mistaken, other.");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const Act what = [reason, note](Actions& actions, ContactId contact) {
        return actions.resolve(contact, reason, note);
    };
    co_return co_await act(call, what);
}

/// In memory only: who watches now sees it, and nobody else ever does.
asio::awaitable<Response> ActionApi::typing(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    parts_.events.tell("typing", bot::json_text({{"contact", *id}, {"by", call.caller.actor.name}}));
    co_return done();
}

asio::awaitable<Response> ActionApi::reveal(const Call& call) {
    Fields fields(call.body);
    const std::string reason = fields.text("reason", 3, 200);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<Outcome<std::string>(Actions&)> work =
        [reason, contact = ContactId{*id}](Actions& actions) { return actions.reveal(contact, reason); };
    const auto number = co_await run<std::string>(call, work);
    if (!number) co_return store_down();
    if (!*number) co_return refuse(number->error());
    co_return answer(200, {{"number", **number}});
}

asio::awaitable<Response> ActionApi::export_contact(const Call& call) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    using Everything = std::optional<json>;
    const std::function<Everything(store::StoreReader&)> look =
        [contact = ContactId{*id}](store::StoreReader& reader) -> Everything {
        const auto row = reader.contact(contact);
        if (!row) return std::nullopt;
        return export_of(reader, *row, net::now());
    };
    auto everything = co_await read_from<Everything>(parts_.store, look);
    if (!everything) co_return store_down();
    if (!*everything) co_return not_found();
    const std::function<Outcome<void>(Actions&)> note_it = [contact = ContactId{*id}](Actions& actions) {
        actions.audit("exported", contact);
        return Outcome<void>();
    };
    const auto noted = co_await run<void>(call, note_it);
    if (!noted) co_return store_down();  // nothing leaves without an entry in the audit log
    co_return answer(200, **everything);
}

}  // namespace webhooks::staff
