#include "webhooks/oncall/pager.hpp"

#include "webhooks/gateways/twilio_calls.hpp"
#include "webhooks/net/as_result.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/net/spawn.hpp"
#include "webhooks/oncall/bridge.hpp"
#include "webhooks/oncall/cases.hpp"
#include "webhooks/oncall/pages.hpp"
#include "webhooks/outbox/record.hpp"
#include "webhooks/telemetry/log.hpp"

namespace webhooks::oncall {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using net::as_result;
using store::PageRow;
using store::PageState;
using store::Store;
using store::StoreTx;
using telemetry::Level;
using telemetry::Safe;

constexpr std::size_t kAtOnce = 64;
constexpr std::uint32_t kTries = 3;
constexpr std::chrono::seconds kBetweenTries{5};
constexpr std::chrono::seconds kTalk{90};  // ringing aside: to hear it out, twice, and press a key

bool is_call(const PageRow& page) { return page.by == bot::PageBy::voice || page.by == bot::PageBy::bridge; }
bool is_ours(const PageRow& page) { return is_call(page) || page.by == bot::PageBy::email; }

}  // namespace

void page_not_reached(StoreTx& tx, const Roster& roster, const PageRow& page, PageState state,
                      std::string_view why, bot::TimePoint now) {
    if (page.by == bot::PageBy::bridge) return bridge_not_made(tx, roster, page, state, now);
    tx.mark_page(page.id, state, now);
    if (!page.escalation) return;
    tx.log_escalation(*page.escalation, "page_failed", page.key, why, now);
    page_failed(tx, roster, *page.escalation, page.key, now);
}

Pager::Pager(asio::any_io_executor executor, Parts parts)
    : executor_(executor), parts_(std::move(parts)), mailer_(parts_.roster.mail), alarm_(executor) {}

void Pager::start() { net::spawn(executor_, run()); }

void Pager::stop() {
    stopping_ = true;
    alarm_.ring();
}

asio::awaitable<void> Pager::run() {
    Store::Job release = [](StoreTx& tx) -> error_code {
        tx.release_claimed_pages(net::now());
        return {};
    };
    co_await outbox::record(parts_.store, std::move(release));
    while (!stopping_) {
        const std::size_t claimed = co_await claim();
        if (claimed < kAtOnce) co_await alarm_.wait(250ms);
    }
}

asio::awaitable<std::size_t> Pager::claim() {
    auto mine = std::make_shared<std::vector<PageRow>>();
    auto claimed = std::make_shared<std::size_t>(0);
    Store::Job job = [mine, claimed, &roster = parts_.roster](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        mine->clear();
        const std::vector<PageRow> due = tx.claim_pages(now, kAtOnce);
        for (const PageRow& page : due) {
            if (page.state == PageState::calling)
                page_not_reached(tx, roster, page, PageState::not_reached, "nobody answered", now);
            else if (is_ours(page))
                mine->push_back(page);
            else
                send_page(tx, roster, page, now);
        }
        *claimed = due.size();
        return {};
    };
    auto [failed] = co_await parts_.store.async_transact(std::move(job), as_result);
    if (failed) co_return 0;
    if (*claimed > mine->size()) parts_.committed();
    for (PageRow& page : *mine) {
        ++sending_;
        net::spawn(executor_, carry_out(std::move(page)));
    }
    co_return *claimed;
}

asio::awaitable<void> Pager::carry_out(PageRow page) {
    const bot::Responder* who = parts_.roster.by_name(page.responder);
    std::string trouble = "no longer on call";
    if (who != nullptr && is_call(page)) trouble = co_await call(page, *who);
    if (who != nullptr && page.by == bot::PageBy::email) trouble = co_await mail(page, *who);
    parts_.metrics.page(is_call(page) ? "voice" : "email", trouble.empty() ? "sent" : "failed");
    co_await outbox::record(parts_.store, outcome_job(page, std::move(trouble)));
    parts_.committed();
    --sending_;
    alarm_.ring();
}

asio::awaitable<std::string> Pager::call(const PageRow& page, const bot::Responder& who) {
    if (!parts_.voice) co_return "no account to call by";
    auto request = gateways::build_call(
        *parts_.voice, parts_.roster.public_url,
        {parts_.roster.voice.number, who.phone, std::to_string(page.id.value), parts_.roster.voice.ring_for});
    auto [failed, reply] = co_await parts_.curl.async_exchange(std::move(request), as_result);
    if (failed) co_return net::certainly_not_sent(failed) ? "unreachable" : "no answer of the gateway";
    const gateways::CallOutcome outcome = gateways::read_call_reply(reply);
    const auto* refused = std::get_if<gateways::CallRefused>(&outcome);
    co_return refused == nullptr ? std::string{} : refused->code;
}

asio::awaitable<std::string> Pager::mail(const PageRow& page, const bot::Responder& who) {
    if (parts_.roster.mail.server.empty() || who.email.empty()) co_return "no mail server or no address";
    auto mail = std::make_shared<Mail>();
    mail->to = who.email;
    mail->id = "handrail-page-" + std::to_string(page.id.value);
    mail->subject = "Test of the on-call line";
    mail->text = page.note;
    if (page.escalation) {
        Store::Job read = [mail, page, &roster = parts_.roster](StoreTx& tx) -> error_code {
            const auto row = tx.escalation(*page.escalation);
            if (!row) return {};
            mail->subject = std::string(bot::to_string(row->ladder.priority)) + " case " + row->code;
            mail->text = page_text(*row, roster.case_link, net::now());
            if (const std::string link = ack_link(roster, page.id); !link.empty())
                mail->text += "\r\n" + link;
            return {};
        };
        auto [failed] = co_await parts_.store.async_transact(std::move(read), as_result);
        if (failed) co_return "the store is busy";
    }
    Mail ready = *mail;
    co_return co_await mailer_.send(std::move(ready), net::now());
}

Store::Job Pager::outcome_job(const PageRow& page, std::string trouble) {
    if (!trouble.empty()) {
        telemetry::log(Level::warning, "page_not_made",
                       {{"page", page.id.value}, {"attempt", page.attempts + 1}, {"why", Safe(trouble)}});
    }
    return [page, trouble = std::move(trouble), &roster = parts_.roster](StoreTx& tx) -> error_code {
        const bot::TimePoint now = net::now();
        const auto current = tx.page(page.id);
        if (!current || current->state != PageState::claimed) return {};  // its webhooks were quicker
        if (trouble.empty() && is_call(page))
            tx.mark_page(page.id, PageState::calling, now, now + roster.voice.ring_for + kTalk);
        else if (trouble.empty())
            tx.mark_page(page.id, PageState::handed_over, now);
        else if (page.attempts + 1 < kTries)
            tx.mark_page(page.id, PageState::waiting, now, now + kBetweenTries);
        else
            page_not_reached(tx, roster, page, PageState::failed, trouble, now);
        return {};
    };
}

}  // namespace webhooks::oncall
