#pragma once
#include <string>
#include <string_view>

namespace webhooks::oncall {

/// What a text from a responder's phone asks for.
struct ResponderCommand {
    enum class Verb { none, take, pass, reached, close, back, keep, call, stop };
    Verb verb = Verb::none;
    std::string code;      ///< of the case; empty: the one that can be meant
    bool spelled = false;  ///< a verb and a code: cannot be mistaken for anything else
    std::string reason;    ///< of a close: the words after the code, as written
};

/// Reads what tired thumbs write: "ACK 8228 on it", "Ack. 9932 thanks", "ok 8228", "8228", "1", "2", "pass",
/// "reached 8228", "call 8228", "keep 8228", "done 8228 sister is with her". Case and punctuation do not
/// matter. Words that take back the verb ("ack 8228 no I can't"), two codes, or a verb in a sentence without
/// a code are no command: a page too many is safer than a case nobody has.
[[nodiscard]] ResponderCommand read_command(std::string_view text);

}  // namespace webhooks::oncall
