#include "webhooks/config_sections.hpp"

namespace webhooks {

using namespace std::chrono_literals;

void read_sign_up(ConfigTable& root, Config& config) {
    signup::Settings& settings = config.sign_up;
    settings.enabled = root.has("signup");
    ConfigTable table = root.table("signup");
    table.texts("countries", settings.countries, kCountry);
    read_own_number(table.table("text_from"), config, settings.account, settings.channel);
    table.texts("frame_ancestors", settings.frame_ancestors, kOrigin);
    table.number("proof_bits", settings.proof_bits, 0, 24);
    table.duration("proof_lasts", settings.proof_lasts, 1s, 1h);
    table.number("per_address_an_hour", settings.per_address_an_hour, 1, 10'000);
    table.number("per_number_a_day", settings.per_number_a_day, 1, 100);
    table.number("per_prefix_an_hour", settings.per_prefix_an_hour, 1, 10'000);
    table.number("an_hour", settings.an_hour, 1, 100'000);
    table.number("a_day", settings.a_day, 1, 100'000);
    table.refuse_unknown_keys();
}

}  // namespace webhooks
