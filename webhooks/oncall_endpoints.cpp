#include "webhooks/oncall_endpoints.hpp"

#include <charconv>

#include "webhooks/gateways/registry.hpp"
#include "webhooks/http/form.hpp"
#include "webhooks/http/problem.hpp"
#include "webhooks/inbound/turns.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/oncall/bridge.hpp"
#include "webhooks/oncall/pager.hpp"
#include "webhooks/oncall/pages.hpp"
#include "webhooks/oncall/voice_words.hpp"

namespace webhooks {

namespace {

using boost::system::error_code;
using gateways::CallNews;
using inbound::Line;
using net::as_result;
using store::EscalationRow;
using store::PageRow;
using store::PageState;
using store::StoreTx;

constexpr int kMostRounds = 5;
constexpr std::string_view kLinks = "/oncall/";

/// What came of an answer: what to say, and whether the call goes on.
struct Said {
    std::string words;
    bool goes_on = false;
    std::optional<oncall::Acknowledged> acknowledged;
    std::string dial{};   ///< who is called now and put through
    std::string shown{};  ///< the number that they see
};

/// One page answered by a human, inside the caller's transaction.
class Answer {
public:
    Answer(StoreTx& tx, const Line& line, PageRow page, bot::TimePoint now)
        : tx_(tx), line_(line), page_(std::move(page)), now_(now) {}

    Said take(const EscalationRow& row) {
        Said said;
        heard();
        said.acknowledged = oncall::acknowledge(tx_, line_.roster, row, page_.responder, now_);
        if (said.acknowledged->told) tell_texter(*said.acknowledged->told);
        const std::string& holder = said.acknowledged->holder;
        if (holder != page_.responder) {
            said.words = "Case " + name_of(row) + " is already with " + holder + ". Thank you.";
        } else {
            const auto minutes = std::chrono::ceil<std::chrono::minutes>(row.ladder.policy.lease).count();
            said.words = "Case " + name_of(row) + " is yours. Please write to the texter within " +
                         std::to_string(minutes) + " minutes, or others are paged.";
        }
        return said;
    }
    Said pass(const EscalationRow& row) {
        heard();
        const bool goes_on = oncall::pass_on(tx_, line_.roster, row, page_.responder, now_);
        return {goes_on ? "Case " + name_of(row) + " goes on to the next person. Thank you."
                        : "Case " + name_of(row) + " is with " + row.ladder.acknowledged_by + ". Thank you.",
                false, std::nullopt};
    }
    void heard() {
        tx_.mark_page(page_.id, PageState::answered, now_);
        tx_.mark_responder_heard(page_.responder, now_);
    }
    bool spoken = false;  ///< digits are read one by one

private:
    [[nodiscard]] std::string name_of(const EscalationRow& row) const {
        return spoken ? oncall::spelled(row.code) : row.code;
    }
    void tell_texter(const oncall::Told& told) {
        inbound::Turns(tx_, line_, now_).event(told.contact, told.change);
    }

    StoreTx& tx_;
    const Line& line_;
    PageRow page_;
    bot::TimePoint now_;
};

Said answer_test(Answer& answer, const PageRow& page, const std::string& digits) {
    if (digits.empty()) return {page.note + " Press 1 to confirm.", true, std::nullopt};
    answer.heard();
    return {"Thank you. The test has reached you.", false, std::nullopt};
}

Said answer_call(StoreTx& tx, const Line& line, const CallNews& news, const PageRow& page,
                 bot::TimePoint now) {
    if (news.machine) {
        oncall::page_not_reached(tx, line.roster, page, PageState::not_reached, "answering machine", now);
        return {};
    }
    Answer answer(tx, line, page, now);
    answer.spoken = true;
    if (!page.escalation) return answer_test(answer, page, news.digits);
    const auto row = tx.escalation(*page.escalation);
    if (!row || row->ladder.state == bot::EscalationState::resolved)
        return {"This case is closed. Thank you.", false, std::nullopt};
    const std::string& holder = row->ladder.acknowledged_by;
    if (row->ladder.state == bot::EscalationState::acknowledged && holder != page.responder)
        return {"This case is with " + holder + ". Thank you.", false, std::nullopt};
    if (news.digits == "1") return answer.take(*row);
    if (news.digits == "2") return answer.pass(*row);
    return {oncall::spoken_page(*row, now), true, std::nullopt};
}

/// One step of a call that the holder of a case asked for.
Said answer_bridge(StoreTx& tx, const Line& line, const CallNews& news, const PageRow& page,
                   bot::TimePoint now) {
    oncall::BridgeStep step = oncall::answer_bridge(tx, line.roster, page, news, now);
    if (step.told) inbound::Turns(tx, line, now).event(step.told->contact, step.told->change);
    return {std::move(step.words), step.goes_on, std::nullopt, std::move(step.dial), std::move(step.shown)};
}

/// A call of ours is over before a human took it, or the texter has picked up.
void note_status(StoreTx& tx, const Line& line, const CallNews& news, const PageRow& page,
                 bot::TimePoint now) {
    if (news.answered && page.by == bot::PageBy::bridge) {
        const auto told = oncall::bridge_talks(tx, line.roster, page, now);
        if (told) inbound::Turns(tx, line, now).event(told->contact, told->change);
    } else if (news.over && (page.state == PageState::calling || page.state == PageState::claimed)) {
        oncall::page_not_reached(tx, line.roster, page, PageState::not_reached, "no key pressed", now);
    }
}

http::Response put_through(const Said& said, const CallNews& news, const oncall::Roster& roster,
                           const gateways::Gateway& gateway) {
    std::string base = roster.public_url;
    base.append("/webhooks/").append(gateway.kind()).append("/").append(gateway.account());
    const std::string page = "?page=" + news.page;
    return gateways::put_through(
        said.words, {said.dial, said.shown, base + "/voice" + page, base + "/voice-status" + page});
}

int round_of(const http::Request& request) {
    const auto query = http::parse_form(request.query());
    int round = 0;
    const auto text = query ? http::field(*query, "round") : std::nullopt;
    if (text) std::from_chars(text->data(), text->data() + text->size(), round);
    return round;
}

store::PageId id_of(const CallNews& news) {
    store::PageId id;
    std::from_chars(news.page.data(), news.page.data() + news.page.size(), id.value);
    return id;
}

http::Response refused(const gateways::Refused& why) {
    if (why.why == gateways::Refusal::malformed_body)
        return http::problem(400, "Malformed request", why.detail, why.field);
    return http::problem(403, "Signature refused",
                         "The request is not signed as this account is configured.");
}

http::Response try_later() {
    http::Response response = http::problem(503, "Try again later");
    response.headers.emplace_back("Retry-After", "5");
    return response;
}

http::Response page_of(int status, const std::string& words, bool with_buttons) {
    std::string html = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">";
    html +=
        "<meta name=\"viewport\" content=\"width=device-width\"><title>On call</title><h1>" + words + "</h1>";
    if (with_buttons) {
        html += "<form method=\"post\"><p><button name=\"do\" value=\"take\">Take this case</button></p>";
        html += "<p><button name=\"do\" value=\"pass\">Pass it on</button></p></form>";
    }
    auto response = http::Response::with_type(status, "text/html; charset=utf-8", html + "</html>\n");
    response.headers.emplace_back("Content-Security-Policy",
                                  "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return response;
}

/// What the page behind a link says, and whether there is anything left to press.
struct Linked {
    int status = 200;
    std::string words;
    bool with_buttons = false;
    std::optional<oncall::Acknowledged> acknowledged;
};

enum class Press { none, take, pass };

Press press_of(const http::Request& request) {
    const auto form = http::parse_form(request.body);
    const auto what = form ? http::field(*form, "do") : std::nullopt;
    if (what == "take") return Press::take;
    return what == "pass" ? Press::pass : Press::none;
}

/// A link counts once: after that it only shows who has the case.
Linked answer_link(StoreTx& tx, const Line& line, store::PageId id, Press press, bot::TimePoint now) {
    const auto page = tx.page(id);
    const auto row = page && page->escalation ? tx.escalation(*page->escalation) : std::nullopt;
    if (!row || line.roster.by_name(page->responder) == nullptr)
        return {404, "This link leads nowhere any more.", false, std::nullopt};
    if (row->ladder.state == bot::EscalationState::resolved)
        return {200, "Case " + row->code + " is closed.", false, std::nullopt};
    const bool used = page->state == PageState::answered;
    if (used && row->ladder.acknowledged_by.empty())
        return {200,
                "This link has been used. Case " + row->code + " is with nobody: answer the newest page.",
                false, std::nullopt};
    if (used || row->ladder.state == bot::EscalationState::acknowledged)
        return {200, "Case " + row->code + " is with " + row->ladder.acknowledged_by + ".", false,
                std::nullopt};
    if (press == Press::none) {
        return {200,
                std::string(bot::to_string(row->ladder.priority)) + " case " + row->code +
                    " waits for you, " + page->responder + ".",
                true, std::nullopt};
    }
    Answer answer(tx, line, *page, now);
    Said said = press == Press::take ? answer.take(*row) : answer.pass(*row);
    return {200, std::move(said.words), false, said.acknowledged};
}

}  // namespace

void OncallEndpoints::add_voice(http::Router& router, const gateways::Gateway& gateway) {
    const std::string base = gateways::webhook_base(gateway);
    router.add("POST", base + "/voice",
               [this, &gateway](const http::Request& request) { return voice(gateway, request); });
    router.add("POST", base + "/voice-status",
               [this, &gateway](const http::Request& request) { return voice_status(gateway, request); });
}

void OncallEndpoints::add_links(http::Router& router) {
    router.add("GET", std::string(kLinks),
               [this](const http::Request& request) { return link(request, false); });
    router.add("POST", std::string(kLinks),
               [this](const http::Request& request) { return link(request, true); });
}

void OncallEndpoints::count(const std::optional<oncall::Acknowledged>& acknowledged) {
    if (acknowledged && acknowledged->accepted)
        parts_.metrics.acknowledged(bot::to_string(acknowledged->priority), acknowledged->after);
}

asio::awaitable<http::Response> OncallEndpoints::voice(const gateways::Gateway& gateway,
                                                       const http::Request& request) {
    if (const auto why = gateway.verify(request, net::now())) co_return refused(*why);
    const auto news = gateways::read_call(request);
    if (!news) co_return refused(news.error());
    auto said = std::make_shared<Said>();
    store::Store::Job job = [said, line = parts_.line, call = *news](StoreTx& tx) -> error_code {
        *said = {"This call is about nothing that is known here.", false, std::nullopt};
        const auto page = tx.page(id_of(call));
        if (page && page->by == bot::PageBy::voice)
            *said = answer_call(tx, *line, call, *page, net::now());
        else if (page && page->by == bot::PageBy::bridge)
            *said = answer_bridge(tx, *line, call, *page, net::now());
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (failed) co_return try_later();
    count(said->acknowledged);
    parts_.committed();
    if (!said->dial.empty()) co_return put_through(*said, *news, parts_.line->roster, gateway);
    const int round = round_of(request) + 1;
    std::string next;
    if (said->goes_on && round <= kMostRounds) {
        next.append(request.path()).append("?page=").append(news->page);
        next.append("&round=").append(std::to_string(round));
    }
    co_return gateways::say(said->words, next);
}

asio::awaitable<http::Response> OncallEndpoints::voice_status(const gateways::Gateway& gateway,
                                                              const http::Request& request) {
    if (const auto why = gateway.verify(request, net::now())) co_return refused(*why);
    const auto news = gateways::read_call(request);
    if (!news) co_return refused(news.error());
    if (!news->over && !news->answered) co_return gateway.accepted();
    store::Store::Job job = [line = parts_.line, call = *news](StoreTx& tx) -> error_code {
        const auto page = tx.page(id_of(call));
        if (page) note_status(tx, *line, call, *page, net::now());
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (failed) co_return try_later();
    parts_.committed();
    co_return gateway.accepted();
}

asio::awaitable<http::Response> OncallEndpoints::link(const http::Request& request, bool pressed) {
    const auto id = oncall::page_of_link(parts_.line->roster, request.path().substr(kLinks.size()));
    if (!id) co_return page_of(404, "This link leads nowhere.", false);
    const Press press = pressed ? press_of(request) : Press::none;
    auto linked = std::make_shared<Linked>();
    store::Store::Job job = [linked, line = parts_.line, page = *id, press](StoreTx& tx) -> error_code {
        *linked = answer_link(tx, *line, page, press, net::now());
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (failed) co_return page_of(503, "Please try again in a moment.", false);
    count(linked->acknowledged);
    if (press != Press::none) parts_.committed();
    co_return page_of(linked->status, linked->words, linked->with_buttons);
}

}  // namespace webhooks
