#include "bot/hearing.hpp"

#include <utility>

namespace bot {

std::shared_ptr<const Hearing> hear(std::shared_ptr<const Ears> ears, std::string_view text) {
    auto heard = std::make_shared<Hearing>();
    heard->of = text;
    heard->text = normalize(text);
    Ears::Reading reading = ears->read(heard->text);
    heard->consent = std::move(reading.consent);
    heard->risk = std::move(reading.risk);
    heard->situation = std::move(reading.situation);
    heard->by = std::move(ears);
    return heard;
}

}  // namespace bot
