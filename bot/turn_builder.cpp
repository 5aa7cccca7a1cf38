#include "bot/turn_builder.hpp"

#include <algorithm>

#include "bot/placeholders.hpp"
#include "bot/segments.hpp"

namespace bot {

namespace {

// Said when even the text UNK.3 is missing: compiled in, so that nothing can take it away.
constexpr std::string_view kLastResort[]{
    "Something went wrong on our side. In crisis, call or text 988. In danger, 911.",
    "Algo fallo de nuestro lado. En crisis, llama al 988 (oprime 2). En peligro, 911."};

}  // namespace

TurnBuilder::TurnBuilder(const Content& content_in, const LineSettings& line_in, const UtcOffset& utc_offset,
                         Conversation before, TimePoint now_in)
    : content(content_in), line(line_in), now(now_in), state(std::move(before)), utc_offset_(utc_offset) {}

void TurnBuilder::say(const std::string& id, std::optional<MessageKind> kind) {
    const Text* text = content.find_text(id);
    if (text == nullptr) {
        fail("text " + id + " is missing");
        return;
    }
    SendText effect{id, render(*text), kind.value_or(text->kind), {}};
    if (text->kind == MessageKind::crisis && effect.kind == MessageKind::reply)
        effect.kind = MessageKind::crisis;
    if (!state.stack.empty()) effect.said_by = state.stack.back();
    texts_.push_back(std::move(effect));
}

bool TurnBuilder::say_plainly(const std::string& id, MessageKind kind) {
    const Text* text = content.find_text(id);
    const std::string_view words = text == nullptr ? std::string_view() : plain_words(*text);
    if (words.empty()) return false;
    texts_.push_back({id + "/plain", filled(words), kind, {}});
    return true;
}

void TurnBuilder::say(Role role, std::optional<MessageKind> kind) {
    say(content.line.texts[static_cast<std::size_t>(role)], kind);
}

void TurnBuilder::say_typed(std::string text, const std::string& by) {
    texts_.push_back({{}, std::move(text), MessageKind::staff, {"staff", by, 0}});
}

void TurnBuilder::say(const Say& texts, std::optional<MessageKind> kind, bool question_only) {
    if (!question_only) {
        for (const SayItem& item : texts)
            if (holds(item.when)) say(item.text_id, kind);
        return;
    }
    const auto last =
        std::find_if(texts.rbegin(), texts.rend(), [&](const SayItem& i) { return holds(i.when); });
    if (last != texts.rend()) say(last->text_id, kind);
}

void TurnBuilder::escalate(Priority priority, const std::string& reason, const std::string& heard) {
    if (state.danger) {
        const bool graver_subject = !only_notes && priority < state.danger->priority;
        raise(priority, reason + ": " + heard);
        if (graver_subject) state.danger->reason = reason;
        return;
    }
    state.danger = Conversation::Danger{reason, priority};
    escalations_.push_back(OpenEscalation{reason, priority, heard, state.consent == Consent::opted_out});
}

void TurnBuilder::raise(Priority priority, const std::string& note) {
    if (!state.danger) {
        escalate(priority, "danger", note);
        return;
    }
    if (only_notes) priority = std::max(priority, state.danger->priority);
    // The graver ladder pages again, but "nobody has picked up yet" stays untrue: `acknowledged` is kept.
    if (priority < state.danger->priority) {
        state.danger->priority = priority;
        state.danger->exhausted = false;
    }
    escalations_.push_back(
        RaiseEscalation{state.danger->priority, note, state.consent == Consent::opted_out});
}

void TurnBuilder::change_consent(Consent to, std::string source, std::string rule) {
    if (state.consent == to) return;
    state.consent = to;
    consents_.push_back(ChangeConsent{to, std::move(source), std::move(rule), raw});
    if (to != Consent::opted_out) return;
    for (Effect& effect :
         escalations_)  // written before the opt-out, and the page must say how to reach them
        if (auto* opened = std::get_if<OpenEscalation>(&effect))
            opened->call_do_not_text = true;
        else if (auto* raised = std::get_if<RaiseEscalation>(&effect))
            raised->call_do_not_text = true;
}

void TurnBuilder::cancel_all() {
    cancel_all_ = true;
    state.timers.clear();
    timers_.clear();
    texts_.clear();
}

void TurnBuilder::set_timer(const std::string& name, TimePoint due) {
    state.timers[name] = {state.turn, due};
    timers_.push_back(SetTimer{name, due});
}

void TurnBuilder::cancel_timer(const std::string& name) {
    if (state.timers.erase(name) == 0) return;
    const auto set = std::find_if(timers_.begin(), timers_.end(), [&](const Effect& effect) {
        const auto* timer = std::get_if<SetTimer>(&effect);
        return timer != nullptr && timer->name == name;
    });
    if (set != timers_.end()) timers_.erase(set);
    timers_.push_back(CancelTimer{name});
}

void TurnBuilder::cancel_timers_like(const std::string& pattern) {
    if (!pattern.ends_with('*')) {
        cancel_timer(pattern);
        return;
    }
    const std::string beginning = pattern.substr(0, pattern.size() - 1);
    std::vector<std::string> names;
    for (const auto& [name, _] : state.timers)
        if (name.starts_with(beginning)) names.push_back(name);
    for (const std::string& name : names) cancel_timer(name);
}

void TurnBuilder::fail(const std::string& what) {
    if (!failed_) note("engine error: " + what);
    failed_ = true;
}

std::string TurnBuilder::fill(std::string_view placeholder) const {
    const std::string name(placeholder);
    const std::size_t longest = longest_of(placeholder);
    if (name == "visit" && state.visit) return local_time_words(*state.visit);
    if (const auto fact = state.facts.find(name); fact != state.facts.end())
        if (const std::string words = quotable(fact->second); !words.empty())
            return cut_letters(words, longest);
    if (const auto setting = line.placeholders.find(name); setting != line.placeholders.end())
        return cut_letters(setting->second, longest);
    if (const auto word = content.line.defaults.find(name); word != content.line.defaults.end())
        return word->second[index_of(state.language)];
    return "";
}

std::string TurnBuilder::render(const Text& text) const {
    const std::size_t language = index_of(state.language);
    if (!line.staffed && !text.no_staff[language].empty()) return filled(text.no_staff[language]);
    // In danger clear words come first.
    const bool plainly = state.discreet && text.kind != MessageKind::crisis && !plain_words(text).empty();
    return filled(plainly ? plain_words(text) : text.body[language]);
}

std::string_view TurnBuilder::plain_words(const Text& text) const {
    const std::size_t language = index_of(state.language);
    if (!line.staffed && !text.no_staff[language].empty()) return {};
    return text.plain[language];
}

std::string TurnBuilder::filled(std::string_view from) const {
    std::string out;
    out.reserve(from.size() + 32);
    std::size_t at = 0;
    while (at < from.size()) {
        const std::size_t open = from.find('{', at);
        const std::size_t close = open == std::string_view::npos ? open : from.find('}', open);
        if (close == std::string_view::npos) break;
        out.append(from.substr(at, open - at));
        out += fill(from.substr(open + 1, close - open - 1));
        at = close + 1;
    }
    out.append(from.substr(at));
    if (state.language == Language::es && !line.fold_spanish) return out;
    return fold_for_gsm7(out);
}

void TurnBuilder::say_safely() {
    const std::string& id = content.line.texts[static_cast<std::size_t>(Role::safe)];
    const Text* text = content.find_text(id);
    SendText effect{id, std::string(kLastResort[index_of(state.language)]), MessageKind::crisis, {}};
    if (text != nullptr && !text->body[index_of(state.language)].empty()) effect.text = render(*text);
    texts_.push_back(std::move(effect));
}

void TurnBuilder::keep_to(std::size_t most_texts) {
    while (texts_.size() > most_texts) {
        const auto first = std::find_if(texts_.begin(), texts_.end() - 1,
                                        [](const SendText& t) { return t.kind != MessageKind::crisis; });
        texts_.erase(first == texts_.end() - 1 ? texts_.begin() : first);
    }
}

Turn TurnBuilder::finish(std::size_t most_texts) && {
    if (failed_) {
        std::erase_if(texts_, [](const SendText& t) { return t.kind != MessageKind::crisis; });
        if (state.consent != Consent::opted_out) say_safely();
        escalate(Priority::p2, "engine_error", "the flow broke off; please read and answer");
        state.stack.clear();
        most_texts = std::max<std::size_t>(most_texts, 3);
        decided_by += decided_by.empty() ? "engine_error" : " engine_error";
    }
    keep_to(most_texts);
    if (!texts_.empty()) {
        state.last_said = now;
        state.said_turn = state.turn;
    }
    Turn turn;
    turn.effects = std::move(escalations_);
    const auto append = [&](auto& more) {
        for (auto& effect : more) turn.effects.emplace_back(std::move(effect));
    };
    append(consents_);
    if (cancel_all_) turn.effects.emplace_back(CancelAll{});
    append(texts_);
    append(tasks_);
    append(timers_);
    append(notes_);
    turn.decided_by = std::move(decided_by);
    turn.visited = std::move(visited);
    turn.next = std::move(state);
    return turn;
}

}  // namespace bot
