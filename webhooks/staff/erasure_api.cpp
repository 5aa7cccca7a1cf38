#include "webhooks/staff/erasure_api.hpp"

#include <algorithm>

#include "bot/json_text.hpp"
#include "webhooks/inbound/erase.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using store::ErasureRow;
using store::ErasureState;
using store::StoreTx;
using Result = Outcome<ErasureRow>;

Refusal no_such() { return {404, "not_found", "There is nothing of that id.", {}, {}, {}}; }

void record(StoreTx& tx, const Actor& who, std::string_view what, const ErasureRow& row,
            std::string_view event) {
    write_audit(tx, who, what, "erasure " + std::to_string(row.id), row.contact);
    tx.publish(event, bot::json_text({{"erasure", row.id}, {"contact", row.contact.value}}), net::now());
}

Result ask_for(StoreTx& tx, const Actor& who, store::ContactId contact, const std::string& reason) {
    if (!tx.lock_conversation(contact)) return no_such();
    const auto all = tx.staff().erasures();
    const bool asked = std::ranges::any_of(
        all, [&](const auto& one) { return one.contact == contact && one.state == ErasureState::asked; });
    if (asked) return Refusal{409, "already_asked", "Somebody has asked already.", {}, {}, {}};
    if (tx.open_escalation_of(contact))
        return Refusal{409, "open_case", "Somebody may be on the way to them: resolve the case first.",
                       {},  {},          {}};
    ErasureRow row;
    row.contact = contact;
    row.asked_by = who.name;
    row.reason = reason;
    row.asked_at = net::now();
    row.id = tx.staff().add_erasure(row);
    record(tx, who, "erasure_asked", row, "erasure.asked");
    return row;
}

Result confirm_it(StoreTx& tx, const Actor& who, ErasureRow row) {
    if (row.asked_by == who.name)
        return Refusal{409, "same_person", "Whoever asked cannot confirm: somebody else has to.", {}, {}, {}};
    switch (inbound::erase(tx, row.contact, net::now())) {
        case inbound::Erased::unknown:
            return no_such();
        case inbound::Erased::open_case:
            return Refusal{409, "open_case", "Somebody may be on the way to them: resolve the case first.",
                           {},  {},          {}};
        case inbound::Erased::on_its_way:
            return Refusal{409, "on_its_way", "A text to them is being sent: try again.", {}, {}, {}};
        case inbound::Erased::done:
            break;
    }
    row.state = ErasureState::confirmed;
    return row;
}

}  // namespace

void ErasureApi::add(Routes& routes) {
    using Method = asio::awaitable<Response> (ErasureApi::*)(const Call&);
    const auto route = [&](std::string method, std::string path, Method handle) {
        routes.push_back({std::move(method), "/api/v1" + path, Permission::erase, false,
                          [this, handle](const Call& call) { return (this->*handle)(call); }});
    };
    route("POST", "/conversations/{}/erase", &ErasureApi::ask);
    route("GET", "/erasures", &ErasureApi::list);
    route("POST", "/erasures/{}/confirm", &ErasureApi::confirm);
    route("POST", "/erasures/{}/refuse", &ErasureApi::turn_down);
}

asio::awaitable<Response> ErasureApi::ask(const Call& call) {
    Fields fields(call.body);
    const std::string reason = fields.text("reason", 3, 200);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<Result(StoreTx&)> work = [reason, contact = store::ContactId{*id},
                                                  who = call.caller.actor](StoreTx& tx) {
        return ask_for(tx, who, contact, reason);
    };
    const auto asked = co_await write_to<Result>(parts_, work);
    if (!asked) co_return store_down();
    if (!*asked) co_return refuse(asked->error());
    co_return answer(201, render(**asked));
}

asio::awaitable<Response> ErasureApi::list(const Call&) {
    using Rows = std::vector<ErasureRow>;
    const std::function<Rows(store::StoreReader&)> look = [](store::StoreReader& reader) {
        return reader.staff().erasures();
    };
    const auto rows = co_await read_from<Rows>(parts_.store, look);
    if (!rows) co_return store_down();
    co_return list_of(*rows, [](const ErasureRow& row) { return render(row); });
}

asio::awaitable<Response> ErasureApi::confirm(const Call& call) { co_return co_await decide(call, true); }
asio::awaitable<Response> ErasureApi::turn_down(const Call& call) { co_return co_await decide(call, false); }

asio::awaitable<Response> ErasureApi::decide(const Call& call, bool confirmed) {
    Fields fields(call.body);
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto id = call.id();
    if (!id) co_return not_found();
    const std::function<Result(StoreTx&)> work = [id = *id, confirmed,
                                                  who = call.caller.actor](StoreTx& tx) -> Result {
        auto row = tx.staff().erasure(id);
        if (!row) return no_such();
        if (row->state != ErasureState::asked)
            return Refusal{409, "decided", "It is decided already.", {}, {}, {}};
        row->state = ErasureState::refused;
        Result decided = confirmed ? confirm_it(tx, who, *row) : Result(*row);
        if (!decided) return decided;
        decided->decided_by = who.name;
        decided->decided_at = net::now();
        tx.staff().save_erasure(*decided);
        record(tx, who, confirmed ? "erased" : "erasure_refused", *decided,
               confirmed ? "erasure.confirmed" : "erasure.refused");
        return decided;
    };
    const auto decided = co_await write_to<Result>(parts_, work);
    if (!decided) co_return store_down();
    if (!*decided) co_return refuse(decided->error());
    co_return answer(200, render(**decided));
}

}  // namespace webhooks::staff
