#include "delivery/retry_policy.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace mailsend::delivery {
namespace {

constexpr std::uint64_t first_pause_ms = 1'000;
constexpr std::uint64_t shortest_ms = 200;    ///< after a reply
constexpr std::uint64_t longest_ms = 60'000;  ///< where nobody replied
constexpr std::uint64_t longest_delay_ms = 86'400'000;
constexpr double spread = 0.1;  ///< of a wait that the server asked for

/// A part of `most`, which is at least 1 and less than a day.
std::uint64_t part(std::uint64_t most, double chance) {
    return static_cast<std::uint64_t>(std::floor(static_cast<double>(most) * chance));
}

/// `pause` doubled with each try after the first, at most `longest`.
std::uint64_t grown(std::uint64_t pause, unsigned tries, std::uint64_t longest) {
    for (unsigned i = 1; i < tries && pause < longest; ++i) pause *= 2;
    return std::min(pause, longest);
}

/// What no second try can cure, or must not: the outcome is not known, our own limits and the host's services
/// have already waited as long as it makes sense, and the deadline leaves no time.
bool settled(const Facts& facts) {
    const std::string_view condition = facts.condition;
    return facts.stage == Stage::host || condition == "outcome.unknown" ||
           condition == "data.timeout_final" || condition == "deadline.passed" ||
           condition.starts_with("limit.") || condition.starts_with("ledger.");
}

/// Full jitter is a part of the whole, and the whole has to fit into the time that is left: a server that
/// wants ten minutes is not asked again after one.
struct Pause {
    std::uint64_t whole_ms;
    std::uint64_t wait_ms;
};

Pause pause_for(const Facts& facts, const Diagnosis& diagnosis, const History& history, double chance) {
    const auto delay = static_cast<std::uint64_t>(
        std::max<std::int64_t>(diagnosis.delay.value_or(std::chrono::milliseconds(0)).count(), 0));
    if (diagnosis.advice == Advice::after) {
        const std::uint64_t whole = std::max(delay, shortest_ms);
        const auto more = static_cast<std::uint64_t>(static_cast<double>(delay) * spread);
        return {whole, whole + part(more, chance)};
    }
    if (facts.reply) {
        const std::uint64_t whole = grown(std::max(delay, 2 * shortest_ms), history.tries, longest_delay_ms);
        return {whole, std::max(part(whole, chance), shortest_ms)};
    }
    if (history.another_address) return {0, 0};
    const std::uint64_t wait = part(grown(first_pause_ms, history.tries, longest_ms), chance);
    return {wait, wait};
}

}  // namespace

bool temporary(const Diagnosis& diagnosis) noexcept {
    return diagnosis.error_class == ErrorClass::transient && !diagnosis.penalty &&
           (diagnosis.advice == Advice::backoff || diagnosis.advice == Advice::after);
}

bool refused_login(const Facts& facts) noexcept {
    return facts.stage == Stage::auth && (facts.reply || !facts.challenge.empty());
}

Decision decide(const Facts& facts, const Diagnosis& diagnosis, const History& history, double chance) {
    if (settled(facts) || !temporary(diagnosis)) return {};
    if (refused_login(facts) && history.refused_logins > 0) return {};
    if (history.tries >= history.attempts) return {};
    const Pause pause = pause_for(facts, diagnosis, history, chance);
    if (pause.whole_ms >= history.left_ms) return {Next::stop_with_after, pause.whole_ms};
    return {Next::again, std::min(pause.wait_ms, history.left_ms - 1)};
}

}  // namespace mailsend::delivery
