#pragma once
#include <optional>

#include "bot/event.hpp"
#include "bot/flow_run.hpp"
#include "bot/hearing.hpp"

namespace bot {

/// One message of the texter, answered. The order is the whole point (content brief 3B): escalation first,
/// then consent, then one reply: opt-out in danger, opt-out, danger while opted out, danger flow, HELP, held
/// by a person, person wanted, global words, expected answer, what it is about, not understood.
class InboundTurn {
public:
    InboundTurn(TurnBuilder& turn, const MessageReceived& message);
    void run();

private:
    // Before anything else.
    void hear_pieces();
    void note_arrival();
    void settle_language();
    void expire_place();
    void expire_danger();

    // Consent (inbound.cpp).
    [[nodiscard]] ConsentSignal consent_signal() const;
    [[nodiscard]] bool gateway_answers() const;
    void heed_opt_out();
    void heed_opted_out_person();
    void opt_in_again();
    void point_elsewhere();
    void answer_help();
    bool open_for_a_need();
    [[nodiscard]] bool at_sign_up() const;

    // Danger (inbound_danger.cpp).
    struct Alarm {
        const RiskFinding* finding = nullptr;
        const DangerRoute* route = nullptr;
        DangerEntry entry;
        Priority priority = Priority::p1;
        bool now = false;  ///< minutes count
    };
    [[nodiscard]] const RiskFinding* gravest() const;
    [[nodiscard]] std::optional<Alarm> alarm() const;
    [[nodiscard]] bool soft_danger() const;
    [[nodiscard]] bool about_someone_else() const;
    [[nodiscard]] bool was_expected() const;
    [[nodiscard]] bool answers_again(const Alarm& alarm) const;
    [[nodiscard]] bool heard_before(const Alarm& alarm) const;
    void page(const Alarm& alarm, Priority priority);
    bool heed_danger();
    bool meet_again(const Alarm& alarm);
    void enter_danger(const Alarm& alarm);
    void hear_own_weapon();
    void add_up_signs();
    [[nodiscard]] double signs_now() const;
    bool ask_whether_danger();
    void ask_danger_again();
    bool heed_minor();
    void keep_company();
    [[nodiscard]] bool awaits_staff() const;

    // The conversation itself (inbound_flow.cpp).
    void converse();
    bool meant_for_others();
    void ask_what_stops();
    [[nodiscard]] bool may_leave_for(std::string_view flow) const;
    bool global_word();
    bool expected_answer();
    [[nodiscard]] bool denies_and_says() const;
    bool person_wanted();
    bool digression();
    [[nodiscard]] bool is_meant(const Digression& digression);
    bool free_text();
    [[nodiscard]] std::string subject_place();
    bool subject();
    bool loose_global_word();
    bool asides(const Step* asked, bool understood);
    bool aside_of(const Step* step);
    void hold_or_note();
    void begin_subject(std::string_view place);
    void not_understood();
    void miss();
    void greet();
    bool welcome_back(bool unmatched);
    void only_media();
    [[nodiscard]] const SituationDetector::Reading& situation() const noexcept { return heard_->situation; }
    [[nodiscard]] bool strict() const;

    TurnBuilder& turn_;
    FlowRun flow_;
    const MessageReceived& message_;
    const std::shared_ptr<const Hearing> heard_;
    const NormalizedText& text_;
    const ConsentReading& consent_;
    RiskReading risk_;                              ///< of this text, or of it and the pieces before
    std::optional<std::chrono::milliseconds> gap_;  ///< since the last text of this person
};

}  // namespace bot
