#include "webhooks/inbound/parts.hpp"

#include "webhooks/net/clock.hpp"

namespace webhooks::inbound {

namespace {

using boost::system::error_code;
using store::StoreTx;

error_code receive(StoreTx& tx, const std::shared_ptr<const Line>& line, const gateways::Gateway* gateway,
                   store::JoinedText text, std::shared_ptr<Received> out) {
    const bool gateway_answers = gateway != nullptr && gateway->answers_keyword(text.text);
    gateways::InboundMessage message;
    message.external_id = std::move(text.external_id);
    message.from = std::move(text.from);
    message.to = std::move(text.to);
    message.text = std::move(text.text);
    return receive_job(line, text.account, std::move(message), gateway_answers, std::move(out))(tx);
}

}  // namespace

store::Store::Job part_job(std::shared_ptr<const Line> line, const gateways::Gateway& gateway,
                           gateways::InboundMessage piece, std::shared_ptr<Received> out) {
    store::NewPart part{gateway.account(), piece.external_id, piece.from, piece.to,  piece.part->reference,
                        piece.part->index, piece.part->total, piece.text, net::now()};
    return [line = std::move(line), &gateway, part = std::move(part),
            out = std::move(out)](StoreTx& tx) -> error_code {
        *out = {};
        auto whole = tx.keep_part(part);
        return whole ? receive(tx, line, &gateway, std::move(*whole), out) : error_code{};
    };
}

store::Store::Job overdue_parts_job(std::shared_ptr<const Line> line,
                                    std::function<const gateways::Gateway*(std::string_view account)> gateway,
                                    std::shared_ptr<std::vector<std::shared_ptr<Received>>> out) {
    return [line = std::move(line), gateway = std::move(gateway),
            out = std::move(out)](StoreTx& tx) -> error_code {
        out->clear();
        for (store::JoinedText& text : tx.overdue_parts(net::now() - kPartsComeWithin)) {
            out->push_back(std::make_shared<Received>());
            const gateways::Gateway* const own = gateway(text.account);
            if (const error_code failed = receive(tx, line, own, std::move(text), out->back())) return failed;
        }
        return {};
    };
}

}  // namespace webhooks::inbound
