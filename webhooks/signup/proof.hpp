#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace webhooks::signup {

/// A hurdle against toll fraud (T4): before a sign-up is taken, its browser has to find an `answer` for which
/// SHA-256 of "challenge:answer" begins with so many zero bits. A person does not notice; thousands of
/// numbers cost thousands of times that.
///
/// A challenge carries its own expiry and a serial number under a keyed hash, so nothing is kept of those
/// given out but one bit each, in a ring: memory is constant however many are asked for. One that the ring
/// has passed counts as expired, and the page asks for another. The key is made at start and never leaves the
/// process. Net thread only.
class ProofOfWork {
public:
    using Clock = std::chrono::steady_clock;
    enum class Verdict { ok, malformed, forged, expired, too_little, used };

    /// @param bits   0 to 24
    /// @param lasts  from being given out to being of no more use
    ProofOfWork(int bits, std::chrono::milliseconds lasts);

    [[nodiscard]] int bits() const noexcept { return bits_; }
    /// 43 letters, digits, '-' and '_'.
    [[nodiscard]] std::string challenge(Clock::time_point now);
    /// Checks, and when all is well uses the challenge up.
    /// @param answer  1 to 20 digits
    [[nodiscard]] Verdict spend(std::string_view challenge, std::string_view answer, Clock::time_point now);

private:
    static constexpr std::size_t kRing = 1U << 18U;
    [[nodiscard]] std::array<unsigned char, 16> mac_of(const unsigned char* stamp) const;

    int bits_;
    std::chrono::milliseconds lasts_;
    std::array<unsigned char, 32> key_{};
    std::uint64_t next_ = 0;
    std::vector<bool> used_ = std::vector<bool>(kRing);
};

}  // namespace webhooks::signup
