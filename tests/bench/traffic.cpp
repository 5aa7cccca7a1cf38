#include "traffic.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <numeric>
#include <random>
#include <string_view>

#include "signed_form.hpp"

namespace bench {

namespace {

struct Said {
    int weight;
    std::string_view text;
};
constexpr Said kSaid[] = {
    {220, "1"},
    {140, "2"},
    {60, "3"},
    {30, "4"},
    {80, "yes"},
    {50, "no"},
    {40, "skip"},
    {30, "menu"},
    {60, "i slipped last night"},
    {40, "just once, half a g"},
    {30, "I slipped last night and I feel awful about it. it was four months on saturday"},
    {30, "been using again all week, can't get out of it"},
    {30, "the cravings are bad right now and my friends are all using tonight"},
    {20, "stress at work mostly"},
    {20, "my cousins bday"},
    {20, "ok thanks that helps"},
    {20, "what do i do now"},
    {15, "how do I talk to my partner about this? I used twice this week"},
    {15, "recai anoche y me siento muy mal"},
    {10, "PERSON"},
    {10, "HELP"},
    {5, "STOP"},
    {15, "START"},
    {4, "i dont want to be here anymore. i have the pills"},
    {3, "chest pain and i cant breathe"},
};

std::string random_hex(std::mt19937_64& random, std::size_t digits) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text(digits, '0');
    for (char& c : text) c = kHex[random() & 15U];
    return text;
}

std::string make_request(const Traffic& traffic, const Form& form, Signer& signer) {
    const std::string body = encode(form);
    const std::size_t host = traffic.public_base.find("//") + 2;
    return "POST " + traffic.path + " HTTP/1.1\r\nHost: " + traffic.public_base.substr(host) +
           "\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
           "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nX-Twilio-Signature: " +
           signer.sign(form) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

std::string number_of(std::size_t contact) {
    char number[32];
    std::snprintf(number, sizeof number, "+1%03u55501%02u", static_cast<unsigned>(200 + contact / 98),
                  static_cast<unsigned>(contact % 98));
    return number;
}

std::size_t contact_of(const std::string& number) {
    unsigned area = 0;
    unsigned line = 0;
    const bool shaped = number.size() == 12 && number.compare(5, 5, "55501") == 0 &&
                        std::from_chars(number.data() + 2, number.data() + 5, area).ec == std::errc{} &&
                        std::from_chars(number.data() + 10, number.data() + 12, line).ec == std::errc{};
    return shaped && area >= 200 && line < 98 ? (area - 200) * 98 + line : std::string::npos;
}

std::vector<Inbound> make_traffic(const Traffic& traffic) {
    std::mt19937_64 random(traffic.seed);
    Signer signer(traffic.token, traffic.public_base + traffic.path);
    std::vector<int> weights;
    for (const Said& said : kSaid) weights.push_back(said.weight);
    std::discrete_distribution<std::size_t> pick(weights.begin(), weights.end());
    std::bernoulli_distribution again(traffic.repeated);
    std::vector<std::uint32_t> round(traffic.contacts);
    std::iota(round.begin(), round.end(), 0U);

    std::vector<Inbound> all;
    all.reserve(traffic.messages);
    for (std::size_t turn = 0; all.size() < traffic.messages; ++turn) {
        const std::size_t place = turn % round.size();
        if (place == 0) std::shuffle(round.begin(), round.end(), random);
        const std::string sid = "SM" + random_hex(random, 32);
        const Form form{{"ToCountry", "US"},
                        {"SmsMessageSid", sid},
                        {"NumMedia", "0"},
                        {"SmsSid", sid},
                        {"SmsStatus", "received"},
                        {"Body", std::string(kSaid[pick(random)].text)},
                        {"FromCountry", "US"},
                        {"To", traffic.to},
                        {"NumSegments", "1"},
                        {"MessageSid", sid},
                        {"AccountSid", traffic.account_sid},
                        {"From", number_of(round[place])},
                        {"ApiVersion", "2010-04-01"}};
        all.push_back({make_request(traffic, form, signer), round[place]});
        if (again(random) && all.size() < traffic.messages) all.push_back(all.back());
    }
    return all;
}

}  // namespace bench
