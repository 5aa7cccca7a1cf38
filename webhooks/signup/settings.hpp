#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace webhooks::signup {

/// What an operator decides about the web sign-up. It is off unless the file has a section `[signup]`.
struct Settings {
    bool enabled = false;
    std::vector<std::string> countries{"US"};  ///< ISO 3166-1; the first is meant by a number without "+"
    std::string account;                       ///< gateway account that sends the question
    std::string channel;                       ///< our number at it; also what the page says to text
    std::vector<std::string> frame_ancestors;  ///< origins that may frame /signup/embed; none: no embed
    bool fictional = false;  ///< the demo: +155501xx, which no numbering plan knows, is taken too

    int proof_bits = 15;  ///< leading zero bits of SHA-256 a browser has to find: 2^15 tries on average
    std::chrono::milliseconds proof_lasts{600'000};

    // Each also the most that may come at once. A number above its own is answered like any other, but not
    // texted.
    int per_address_an_hour = 5;
    int per_number_a_day = 2;
    int per_prefix_an_hour = 10;  ///< numbers that differ in their last three digits only
    int an_hour = 60;
    int a_day = 300;
};

}  // namespace webhooks::signup
