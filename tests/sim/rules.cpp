#include "tests/sim/rules.hpp"

#include <algorithm>

#include "bot/content_check.hpp"
#include "bot/segments.hpp"

namespace sim {

namespace {

using namespace std::chrono_literals;
using bot::Consent;
using bot::SendText;
using Texts = std::vector<const SendText*>;

constexpr std::size_t kMostInOneTurn = 3;     // first contact, or a safe text beside a crisis text
constexpr std::size_t kMostUnaskedADay = 12;  // waits, timed exercises, check-ins: outside of danger
constexpr int kMostUnaskedInARow = 4;         // since they last wrote
constexpr auto kSoonBack = 15min;
constexpr std::size_t kMostToStoppedADay = 3;  // the notice, the numbers, the pointer to 988
constexpr int kMostUnansweredCheckIns = 2;
constexpr std::size_t kDeepest = 6;

Texts texts_of(const bot::Turn& turn) {
    Texts texts;
    for (const bot::Effect& effect : turn.effects)
        if (const auto* text = std::get_if<SendText>(&effect)) texts.push_back(text);
    return texts;
}

bool wrote(const Happening& h) { return std::holds_alternative<bot::MessageReceived>(h.event); }

bool in_danger(const bot::Conversation& state) {
    return state.danger && state.danger->priority <= bot::Priority::p1;
}

bool escalates(const bot::Turn& turn) {
    return std::any_of(turn.effects.begin(), turn.effects.end(), [](const bot::Effect& effect) {
        return std::holds_alternative<bot::OpenEscalation>(effect) ||
               std::holds_alternative<bot::RaiseEscalation>(effect);
    });
}

void forget_before(std::deque<bot::TimePoint>& times, bot::TimePoint start) {
    while (!times.empty() && times.front() < start) times.pop_front();
}

std::optional<Finding> broken(const char* rule, std::string what) { return Finding{rule, std::move(what)}; }

}  // namespace

std::optional<Finding> Rules::see(const Happening& h) {
    constexpr Rule kAll[]{
        &Rules::danger_escalated, &Rules::opt_out_kept, &Rules::day_only, &Rules::no_dead_end,
        &Rules::one_question,     &Rules::few_texts,    &Rules::sound};
    for (const Rule rule : kAll)
        if (auto finding = (this->*rule)(h)) return finding;
    return std::nullopt;
}

// Whoever writes hears from the line, and a place that is kept waits for something. Silent is right when they
// opted out, when a person has the conversation or is on the way, when it is not safe to text them, and when
// the line has promised to be back within minutes.
std::optional<Finding> Rules::no_dead_end(const Happening& h) {
    const auto& next = h.turn.next;
    const bool spoken_lately = h.before.last_said && h.at - *h.before.last_said < 5min;
    const bool soon_back = std::any_of(next.timers.begin(), next.timers.end(), [&](const auto& timer) {
        return timer.second.due - h.at <= kSoonBack;
    });
    const bool may_be_silent = next.consent == Consent::opted_out || next.held_by.has_value() ||
                               next.quiet_hold || (next.danger && spoken_lately) || soon_back;
    if (wrote(h) && texts_of(h.turn).empty() && !may_be_silent)
        return broken("no dead end", "nothing was answered");
    if (next.stack.empty()) return std::nullopt;
    const bot::Position& place = next.stack.back();
    const bot::Step* step = content_.find_step(place.flow, place.step);
    if (step == nullptr)
        return broken("no dead end", "the place is no step: " + place.flow + "/" + place.step);
    if (!step->waits())
        return broken("no dead end", "the place does not wait: " + place.flow + "/" + step->id);
    if (next.stack.size() > kDeepest) return broken("no dead end", "places pile up");
    return std::nullopt;
}

std::optional<Finding> Rules::opt_out_kept(const Happening& h) {
    const auto texts = texts_of(h.turn);
    const bool was_out = h.before.consent == Consent::opted_out;
    const bool is_out = h.turn.next.consent == Consent::opted_out;
    if (h.intent == Intent::opt_out && !is_out)
        return broken("no message after opt-out", "STOP was not kept");
    if (!is_out) {
        if (was_out && !wrote(h))
            return broken("no message after opt-out", "undone without a word of theirs");
        return std::nullopt;
    }
    if (!was_out && texts.size() > 1) return broken("no message after opt-out", "more than one confirmation");
    if (!was_out) return std::nullopt;
    if (!wrote(h) && !texts.empty()) return broken("no message after opt-out", "said " + texts[0]->text_id);
    if (std::any_of(texts.begin(), texts.end(),
                    [](const SendText* text) { return text->kind != bot::MessageKind::opt_out_confirm; }))
        return broken("no message after opt-out", "talked on");
    forget_before(to_stopped_, h.at - 24h);
    to_stopped_.insert(to_stopped_.end(), texts.size(), h.at);
    if (to_stopped_.size() > kMostToStoppedADay)
        return broken("no message after opt-out", "answered too often");
    return std::nullopt;
}

bool Rules::night(const bot::Conversation& state, bot::TimePoint at) const {
    const auto& zone = state.time_zone.empty() ? line_.time_zone : state.time_zone;
    const auto local = at + utc_offset_(zone, at);
    const auto minutes =
        std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<std::chrono::days>(local));
    const auto hour = minutes.count() / 60;
    return hour >= line_.quiet_from_hour || hour < line_.quiet_until_hour;
}

// What the line begins by itself. A wait that runs out belongs to the conversation for two hours.
std::optional<Finding> Rules::day_only(const Happening& h) {
    const bool talking = h.before.last_inbound && h.at - *h.before.last_inbound < 2h;
    const bool by_time = std::holds_alternative<bot::TimerFired>(h.event);
    for (const SendText* text : texts_of(h.turn)) {
        const bool begun =
            text->kind == bot::MessageKind::check_in || (by_time && !talking && !in_danger(h.before));
        if (begun && night(h.before, h.at)) return broken("none at night", "said " + text->text_id);
        if (text->kind == bot::MessageKind::check_in && h.before.consent != Consent::recurring)
            return broken("none at night", text->text_id + " without consent to check-ins");
    }
    return std::nullopt;
}

std::optional<Finding> Rules::danger_escalated(const Happening& h) {
    if (h.intent == Intent::danger) {
        if (!escalates(h.turn)) return broken("danger always escalated", "nobody was told");
        if (!in_danger(h.turn.next)) return broken("danger always escalated", "the case is not P0 or P1");
    }
    const auto first_text =
        std::find_if(h.turn.effects.begin(), h.turn.effects.end(),
                     [](const auto& effect) { return std::holds_alternative<SendText>(effect); });
    if (std::any_of(first_text, h.turn.effects.end(),
                    [](const auto& effect) { return std::holds_alternative<bot::OpenEscalation>(effect); }))
        return broken("danger always escalated", "a text was written before the case");
    const bool resolved = std::holds_alternative<bot::EscalationChanged>(h.event);
    if (line_.staffed && h.before.danger && !h.turn.next.danger && !resolved)
        return broken("danger always escalated", "a case was closed without staff");
    return std::nullopt;
}

std::optional<Finding> Rules::one_question(const Happening& h) {
    const auto texts = texts_of(h.turn);
    const auto with_options = std::count_if(texts.begin(), texts.end(), [](const SendText* text) {
        return !bot::options_in(text->text).empty();
    });
    if (with_options > 1)
        return broken("at most one unanswered question", "two texts with options in one turn");
    if (wrote(h)) questions_unanswered_ = 0;
    const bool asks = !h.turn.next.stack.empty();
    for (const SendText* text : texts)
        if (text->kind == bot::MessageKind::check_in && asks &&
            ++questions_unanswered_ > kMostUnansweredCheckIns)
            return broken("at most one unanswered question",
                          text->text_id + " after two check-ins nobody answered");
    return std::nullopt;
}

std::optional<Finding> Rules::few_texts(const Happening& h) {
    const auto texts = texts_of(h.turn);
    if (texts.size() > kMostInOneTurn)
        return broken("bounded messages a day", std::to_string(texts.size()) + " texts at once");
    if (wrote(h)) unasked_in_a_row_ = 0;
    if (!std::holds_alternative<bot::TimerFired>(h.event) || in_danger(h.before)) return std::nullopt;
    unasked_in_a_row_ += static_cast<int>(texts.size());
    const bool fresh = h.before.last_inbound && h.at - *h.before.last_inbound < 24h;
    if (fresh && unasked_in_a_row_ > kMostUnaskedInARow)
        return broken("bounded messages a day",
                      std::to_string(unasked_in_a_row_) + " texts in a row that nobody answered");
    forget_before(unasked_, h.at - 24h);
    unasked_.insert(unasked_.end(), texts.size(), h.at);
    if (unasked_.size() > kMostUnaskedADay)
        return broken("bounded messages a day",
                      std::to_string(unasked_.size()) + " texts of its own in a day");
    return std::nullopt;
}

// No defect of the engine: every text within its segments, every state kept whole.
std::optional<Finding> Rules::sound(const Happening& h) {
    for (const bot::Effect& effect : h.turn.effects)
        if (const auto* note = std::get_if<bot::Note>(&effect);
            note != nullptr && note->text.starts_with("engine"))
            return broken("sound", note->text);
    for (const SendText* text : texts_of(h.turn)) {
        const bot::Text* known = content_.find_text(text->text_id);
        if (known == nullptr || text->text.empty()) return broken("sound", "no text " + text->text_id);
        if (text->text.find('{') != std::string::npos)
            return broken("sound", "a placeholder is left in " + text->text_id);
        const bot::Segments size = bot::count_segments(text->text);
        if (size.segments > static_cast<std::size_t>(known->segments))
            return broken("sound", text->text_id + " takes " + std::to_string(size.segments) + " segments");
    }
    const std::string kept = bot::serialize(h.turn.next);
    const auto read = bot::parse_conversation(kept);
    if (!read || bot::serialize(*read) != kept)
        return broken("sound", "the state does not survive the store");
    if (h.turn.next.turn < h.before.turn) return broken("sound", "turns count backwards");
    return std::nullopt;
}

}  // namespace sim
