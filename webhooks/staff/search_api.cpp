#include "webhooks/staff/search_api.hpp"

#include <algorithm>
#include <set>

#include "bot/normalize.hpp"
#include "webhooks/net/clock.hpp"
#include "webhooks/staff/conversation_api.hpp"
#include "webhooks/staff/fields.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using nlohmann::json;
using store::MessageRow;

constexpr std::size_t kMostTexts = 5'000;
constexpr std::size_t kMostFound = 50;
constexpr std::chrono::days kBack{30};
constexpr std::chrono::milliseconds kLongest{250};

/// As detectors see texts, so that neither accents nor capitals matter.
bool holds(const MessageRow& row, const std::string& words) {
    const auto has = [&](const std::string& text) {
        return bot::normalize(text).text.find(words) != std::string::npos;
    };
    return has(row.text) || std::any_of(row.heard.begin(), row.heard.end(),
                                        [&](const store::Heard& one) { return has(one.words); });
}

struct Found {
    std::vector<std::pair<store::ContactRow, MessageRow>> rows;  ///< of each contact the latest text
    bot::TimePoint back_to{};
    bool whole = true;  ///< nothing within the span was left out
};

Found look_for(store::StoreReader& reader, const std::string& words, bot::TimePoint now) {
    Found found;
    found.back_to = now - kBack;
    std::set<store::ContactId> seen;
    std::size_t looked = 0;
    const auto until = std::chrono::steady_clock::now() + kLongest;
    reader.each_text(kMostTexts, [&](const MessageRow& row) {
        if (row.at < now - kBack) return false;
        ++looked;
        const bool enough = found.rows.size() >= kMostFound || looked >= kMostTexts ||
                            (looked % 64 == 0 && std::chrono::steady_clock::now() > until);
        if (!seen.contains(row.contact) && holds(row, words)) {
            seen.insert(row.contact);
            if (auto contact = reader.contact(row.contact)) found.rows.emplace_back(std::move(*contact), row);
        }
        if (enough) found.back_to = row.at;
        found.whole = !enough;
        return !enough;
    });
    return found;
}

}  // namespace

void SearchApi::add(Routes& routes) {
    routes.push_back({"POST", "/api/v1/search", Permission::read_conversations, false,
                      [this](const Call& call) { return search(call); }});
}

asio::awaitable<Response> SearchApi::search(const Call& call) {
    Fields fields(call.body);
    const std::string words = bot::normalize(fields.text("words", 2, 100)).text;
    if (auto problem = fields.problem()) co_return std::move(*problem);
    if (words.empty()) co_return refuse(422, "no_words", "There is no word in it to look for.");
    const std::function<Found(store::StoreReader&)> look = [words](store::StoreReader& reader) {
        return look_for(reader, words, net::now());
    };
    const auto found = co_await read_from<Found>(parts_.store, look);
    if (!found) co_return store_down();
    const std::function<bool(store::StoreTx&)> note = [who = call.caller.actor,
                                                       count = found->rows.size()](store::StoreTx& tx) {
        write_audit(tx, who, "searched_texts", std::to_string(count) + " found");
        return true;
    };
    // Nobody searches unseen: without the entry there is no answer.
    if (!co_await write_to<bool>(parts_, note)) co_return store_down();
    const auto engine = parts_.line->engine->get();
    json items = json::array();
    for (const auto& one : found->rows)
        items.push_back({{"contact", render(one.first, call.caller.sees_numbers)},
                         {"message", render_heard(one.second, engine->content())}});
    co_return answer(
        200, {{"items", std::move(items)}, {"back_to", iso_time(found->back_to)}, {"whole", found->whole}});
}

}  // namespace webhooks::staff
