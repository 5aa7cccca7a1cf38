#include "webhooks/signup/proof.hpp"

#include <doctest.h>

#include "webhooks/net/digest.hpp"

using namespace std::chrono_literals;
using webhooks::signup::ProofOfWork;
using Verdict = ProofOfWork::Verdict;

namespace {

constexpr int kBits = 8;
const ProofOfWork::Clock::time_point kNow{1'000h};

/// By the hash in hex, as a client would.
std::string solve(const std::string& challenge, bool solved = true) {
    for (int answer = 0;; ++answer) {
        const std::string text = std::to_string(answer);
        const std::string hash = webhooks::net::sha256_hex(challenge + ":" + text);
        if (hash.starts_with("00") == solved) return text;
    }
}

}  // namespace

TEST_CASE("proof: taken once, within its time, by whoever did the work") {
    ProofOfWork proof(kBits, 10min);
    const std::string challenge = proof.challenge(kNow);
    CHECK(proof.spend(challenge, solve(challenge, false), kNow) == Verdict::too_little);
    CHECK(proof.spend(challenge, solve(challenge), kNow + 10min - 1ms) == Verdict::ok);
    CHECK(proof.spend(challenge, solve(challenge), kNow + 10min - 1ms) == Verdict::used);

    const std::string late = proof.challenge(kNow);
    CHECK(late != challenge);
    CHECK(proof.spend(late, solve(late), kNow + 10min) == Verdict::expired);
    CHECK(proof.spend(late, solve(late), kNow) == Verdict::ok);
}

TEST_CASE("proof: a challenge cannot be made up, nor changed, nor brought from another server") {
    ProofOfWork proof(kBits, 10min);
    ProofOfWork other(kBits, 10min);
    const std::string challenge = proof.challenge(kNow);
    REQUIRE(challenge.size() == 43);
    const std::string foreign = other.challenge(kNow);
    CHECK(proof.spend(foreign, solve(foreign), kNow) == Verdict::forged);
    for (std::size_t at = 0; at + 1 < challenge.size(); ++at) {  // two bits of the last letter mean nothing
        CAPTURE(at);
        std::string changed = challenge;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        CHECK(proof.spend(changed, solve(changed), kNow) == Verdict::forged);
    }
    CHECK(proof.spend(challenge, solve(challenge), kNow) == Verdict::ok);
}

TEST_CASE("proof: what is not of its form") {
    ProofOfWork proof(kBits, 10min);
    const std::string good = proof.challenge(kNow);
    struct Row {
        const char* why;
        std::string challenge;
        std::string answer;
    };
    const Row rows[]{
        {"no challenge", "", "1"},
        {"cut", good.substr(0, 42), "1"},
        {"more than one", good + good, "1"},
        {"other letters", std::string(43, '='), "1"},
        {"no answer", good, ""},
        {"no digits", good, "-1"},
        {"a blank in front, which would be another way to write it", good, " 1"},
        {"more digits than any answer has", good, std::string(21, '1')},
    };
    for (const Row& row : rows) {
        CAPTURE(std::string(row.why));
        CHECK(proof.spend(row.challenge, row.answer, kNow) == Verdict::malformed);
    }
}

TEST_CASE("proof: however many are asked for, one that was used stays used and the oldest expire") {
    ProofOfWork proof(0, 1h);
    const std::string first = proof.challenge(kNow);
    CHECK(proof.spend(first, "0", kNow) == Verdict::ok);
    const std::string unused = proof.challenge(kNow);
    constexpr int kRing = 1 << 18;
    for (int i = 0; i < kRing - 2; ++i) (void)proof.challenge(kNow);
    CHECK(proof.spend(first, "0", kNow) == Verdict::used);
    (void)proof.challenge(kNow);
    CHECK(proof.spend(first, "0", kNow) == Verdict::expired);
    CHECK(proof.spend(unused, "0", kNow) == Verdict::ok);
    (void)proof.challenge(kNow);
    CHECK(proof.spend(unused, "0", kNow) == Verdict::expired);
}
