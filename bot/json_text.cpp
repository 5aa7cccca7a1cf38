#include "bot/json_text.hpp"

#include <nlohmann/json.hpp>

namespace bot {

namespace {

template <class Json>
std::string on_one_line(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string json_text(const nlohmann::json& value) { return on_one_line(value); }

template <std::same_as<nlohmann::ordered_json> Ordered>
std::string json_text(const Ordered& value) {
    return on_one_line(value);
}
template std::string json_text(const nlohmann::ordered_json& value);

}  // namespace bot
