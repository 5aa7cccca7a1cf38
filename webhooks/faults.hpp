#pragma once

/// The guards that the promises hang on, each with a switch that only tests turn
/// (tests/story/teeth.test.mjs): a test that also passes with its guard off proves nothing. The product is
/// built with every guard on; a switch is one translation unit compiled again with HANDRAIL_TEETH, never a
/// setting.
#ifndef HANDRAIL_TEETH
#define HANDRAIL_TEETH none
#endif

namespace webhooks::faults {

enum class Guard {
    none,
    duplicates,         ///< I2: a message is answered once, however often it is delivered
    opt_out_gate,       ///< I3: consent is asked again right before the first byte
    answer_at_commit,   ///< I1: 200 only after the COMMIT
    one_at_a_time,      ///< I5: never two messages of one contact under way
    signature,          ///< I14: only what the gateway signed is read
    words_out_of_logs,  ///< I15
    engine,             ///< not a guard: the engine fails on a text with "boom" in it
    engine_and_answer   ///< I13: ... and nobody answers in its place
};

[[nodiscard]] constexpr bool is_on(Guard guard) noexcept { return guard != Guard::HANDRAIL_TEETH; }

}  // namespace webhooks::faults
