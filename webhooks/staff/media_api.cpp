#include "webhooks/staff/media_api.hpp"

#include "webhooks/inbound/media_fetch.hpp"
#include "webhooks/inbound/media_type.hpp"
#include "webhooks/staff/rendering.hpp"

namespace webhooks::staff {

namespace {

using http::Response;
using inbound::MediaTrouble;
using store::ContactId;
using store::MessageId;
using store::StoreTx;

struct Wanted {
    ContactId contact;
    MessageId message;
    std::size_t number = 0;  ///< from 1, as in the transcript
};

std::optional<Wanted> wanted_by(const Call& call) {
    std::vector<std::int64_t> ids;
    for (const std::string& id : call.ids)
        if (const auto number = as_number(id)) ids.push_back(*number);
    if (ids.size() != 3 || ids[2] == 0) return std::nullopt;
    return Wanted{{ids[0]}, {ids[1]}, static_cast<std::size_t>(ids[2])};
}

Refusal refusal_of(MediaTrouble trouble) {
    const auto refusal = [&](int status, const char* detail) {
        return Refusal{status, std::string(to_string(trouble)), detail, {}, {}, {}};
    };
    switch (trouble) {
        case MediaTrouble::not_allowed:
            return refusal(409, "It lies where this line fetches nothing from ([[gateway]] pictures_from).");
        case MediaTrouble::gone:
            return refusal(404, "The gateway has it no longer.");
        case MediaTrouble::too_large:
            return refusal(409, "It is larger than 5 MiB.");
        case MediaTrouble::not_media:
            return refusal(409, "It is neither picture, sound nor film.");
        case MediaTrouble::no_answer:
            return refusal(409, "The gateway does not hand it out now.");
        case MediaTrouble::busy:
            break;
    }
    return refusal(429, "Others are being fetched: try again.");
}

/// Never shown by the browser itself, whatever is in it: the dashboard puts the bytes into an <img>.
Response attachment(const Wanted& wanted, inbound::Medium medium) {
    std::string name = "attachment; filename=\"mms-" + std::to_string(wanted.message.value);
    name.append("-").append(std::to_string(wanted.number)).append(".");
    name.append(inbound::file_ending_of(medium.type)).append("\"");
    Response response = Response::with_type(200, std::move(medium.type), std::move(medium.bytes));
    response.headers.emplace_back("Content-Disposition", std::move(name));
    response.headers.emplace_back("Content-Security-Policy",
                                  "sandbox; default-src 'none'; frame-ancestors 'none'");
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    return response;
}

}  // namespace

void MediaApi::add(Routes& routes) {
    routes.push_back({"GET", "/api/v1/conversations/{}/messages/{}/media/{}", Permission::read_conversations,
                      false, [this](const Call& call) { return show(call); }});
}

asio::awaitable<Response> MediaApi::show(const Call& call) {
    const auto wanted = wanted_by(call);
    if (!wanted) co_return not_found();
    using Row = std::optional<store::MessageRow>;
    const std::function<Row(store::StoreReader&)> look = [w = *wanted](store::StoreReader& reader) {
        return reader.received(w.contact, w.message);
    };
    const auto row = co_await read_from<Row>(parts_.store, look);
    if (!row) co_return store_down();
    const auto media = *row ? media_of(**row) : std::vector<bot::Media>{};
    if (wanted->number > media.size()) co_return not_found();
    const std::function<bool(StoreTx&)> note = [w = *wanted, who = call.caller.actor](StoreTx& tx) {
        std::string what = "message " + std::to_string(w.message.value);
        write_audit(tx, who, "picture_opened", what.append(", ").append(std::to_string(w.number)), w.contact);
        return true;
    };
    if (!co_await write_to<bool>(parts_, note)) co_return store_down();
    auto fetched = co_await parts_.media.fetch((*row)->account, media[wanted->number - 1].url);
    if (!fetched) co_return refuse(refusal_of(fetched.error()));
    co_return attachment(*wanted, std::move(*fetched));
}

}  // namespace webhooks::staff
