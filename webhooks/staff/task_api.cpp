#include "webhooks/staff/task_api.hpp"

#include <algorithm>

#include "bot/redact.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;

/// What the flow that books calls asked them (flows/intake.json): whom to ask for, and what a machine may
/// hear.
json answers_of(const bot::Conversation& state) {
    json answers = json::object();
    for (const char* field : {"name", "voicemail"}) {
        const auto fact = state.facts.find(field);
        answers[field] = fact == state.facts.end() ? json("") : json(fact->second);
    }
    return answers;
}

json render(const store::TaskRow& task, const store::ContactRow& row, bool sees_numbers) {
    const bot::Conversation state = state_of(row.conversation);
    json view = staff::render(task);
    view["number"] = sees_numbers ? row.number : bot::mask_number(row.number);
    view["held_by"] = state.held_by ? json(*state.held_by) : json(nullptr);
    view["answers"] = answers_of(state);
    return view;
}

}  // namespace

void TaskApi::add(Routes& routes) {
    routes.push_back({"GET", "/api/v1/tasks", Permission::read_conversations, false,
                      [this](const Call& call) { return open_ones(call); }});
    routes.push_back({"POST", "/api/v1/conversations/{}/tasks/{}/end", Permission::act, false,
                      [this](const Call& call) { return end(call); }});
}

asio::awaitable<Response> TaskApi::open_ones(const Call& call) {
    const auto page = page_of(call);
    if (!page) co_return page.error();
    const std::function<json(store::StoreReader&)> look =
        [limit = page->limit, sees = call.caller.sees_numbers](store::StoreReader& reader) {
            json items = json::array();
            for (const store::TaskRow& task : reader.tasks().open_tasks(limit))
                if (const auto row = reader.contact(task.contact)) items.push_back(render(task, *row, sees));
            return items;
        };
    auto items = co_await read_from<json>(parts_.store, look);
    if (!items) co_return store_down();
    co_return answer(200, {{"items", std::move(*items)}});
}

asio::awaitable<Response> TaskApi::end(const Call& call) {
    Fields fields(call.body);
    const std::string word = fields.text("outcome", 1, 16);
    const auto known = std::ranges::find(kTaskOutcomes, word, &TaskOutcome::word);
    if (known == kTaskOutcomes.end()) fields.refuse("outcome", "reached, no_answer or not_needed.");
    if (auto problem = fields.problem()) co_return std::move(*problem);
    const auto contact = call.id();
    const auto task = as_number(call.ids.back());
    if (!contact || !task) co_return not_found();
    using Ended = Outcome<store::TaskRow>;
    const std::function<Ended(store::StoreTx&)> work = [of = store::ContactId{*contact}, task = *task,
                                                        outcome = *known, line = parts_.line,
                                                        who = call.caller.actor](store::StoreTx& tx) {
        return Actions(tx, *line, who, net::now()).end_task(of, task, outcome);
    };
    const auto ended = co_await write_to<Ended>(parts_, work);
    if (!ended) co_return store_down();
    if (!*ended) co_return refuse(ended->error());
    co_return answer(200, staff::render(**ended));
}

}  // namespace webhooks::staff
