#include "bot/effect.hpp"

namespace bot {

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string escalated(const OpenEscalation& e) {
    return "escalate " + std::string(to_string(e.priority)) + " " + e.reason +
           (e.heard.empty() ? "" : ": " + e.heard) + (e.call_do_not_text ? " (call, do not text)" : "");
}

std::string raised(const RaiseEscalation& e) {
    return "raise " + std::string(to_string(e.priority)) + (e.note.empty() ? "" : ": " + e.note) +
           (e.call_do_not_text ? " (call, do not text)" : "");
}

std::string changed(const ChangeConsent& e) {
    return "consent " + std::string(to_string(e.to)) + " by " + e.source +
           (e.rule.empty() ? "" : " " + e.rule);
}

std::string booked(const BookTask& e) {
    std::string text = "task ";
    text.append(to_string(e.kind));
    text.append(e.late_at ? "" : " (no time read)");
    return text;
}

std::string ended(const EndTask& e) {
    std::string text = "task ";
    text.append(to_string(e.kind)).append(" ").append(to_string(e.how));
    return text;
}

std::string asked(const AskHolder& e) {
    return "ask " + e.by + " whether they are still there" + (e.waits ? " (the texter waits)" : "");
}

}  // namespace

std::string_view to_string(TaskKind kind) noexcept {
    constexpr std::string_view kNames[]{"call_back", "missed_visit"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(TaskEnd how) noexcept {
    constexpr std::string_view kNames[]{"done", "missed", "cancelled"};
    return kNames[static_cast<std::size_t>(how)];
}

std::string describe(const Effect& effect) {
    return std::visit(
        Overloaded{[](const SendText& e) { return e.text; },
                   [](const ChangeConsent& e) { return changed(e); },
                   [](const OpenEscalation& e) { return escalated(e); },
                   [](const RaiseEscalation& e) { return raised(e); },
                   [](const SetTimer& e) { return "timer " + e.name; },
                   [](const CancelTimer& e) { return "cancel timer " + e.name; },
                   [](const CancelAll&) { return std::string("cancel everything queued"); },
                   [](const BookTask& e) { return booked(e); }, [](const EndTask& e) { return ended(e); },
                   [](const AskHolder& e) { return asked(e); }, [](const Note& e) { return e.text; }},
        effect);
}

}  // namespace bot
