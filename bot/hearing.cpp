#include "bot/hearing.hpp"

#include <utility>

namespace bot {

std::shared_ptr<const Hearing> hear(std::shared_ptr<const Ears> ears, std::string_view text) {
    auto heard = std::make_shared<Hearing>();
    heard->of = text;
    heard->text = normalize(text);
    heard->consent = ears->consent.read(heard->text);
    heard->risk = ears->risk.read(heard->text);
    heard->situation = ears->situation.read(heard->text);
    heard->by = std::move(ears);
    return heard;
}

}  // namespace bot
