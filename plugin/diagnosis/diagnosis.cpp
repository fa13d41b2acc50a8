#include "diagnosis/diagnosis.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "diagnosis/catalogue.hpp"

namespace mailsend {
namespace {

using diagnosis::Catalogue;
using diagnosis::Entry;
using diagnosis::Evidence;
using diagnosis::Expression;
using diagnosis::worded;

/// The first entry that matches; conditions stand before replies in the catalogue, because our own
/// observation beats what a server said before it. The last entry is for everything that nothing else knows.
const Entry& entry_for(const Evidence& evidence, const Catalogue& catalogue) {
    const auto found = std::find_if(catalogue.entries.begin(), catalogue.entries.end(),
                                    [&](const Entry& entry) { return entry.match.matches(evidence); });
    return found != catalogue.entries.end() ? *found : catalogue.entries.back();
}

/// "try again in 300 seconds": a time that the server names beats ours. At most a day is believed.
std::optional<std::chrono::milliseconds> delay_named_by_server(std::string_view text) {
    static const Expression wait(
        R"((?:again|retry|wait|come back|back)\b[^.;0-9]{0,40}\b([0-9]{1,5}) ?(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b)");
    const auto groups = wait.groups_in(text);
    if (!groups) return std::nullopt;
    const char unit = static_cast<char>(groups->second.front() | 0x20);
    const int seconds = std::stoi(groups->first) * (unit == 'h' ? 3600 : unit == 'm' ? 60 : 1);
    if (seconds < 1 || seconds > 86400) return std::nullopt;
    return std::chrono::seconds(seconds);
}

/// Seconds that an authorization server asks to wait (Retry-After); more than a day is a day.
std::optional<std::chrono::milliseconds> delay_in_details(const Facts& facts) {
    constexpr std::int64_t day_s = 86400;
    const auto found = facts.details.find("retry_after_s");
    if (found == facts.details.end()) return std::nullopt;
    const std::string& text = found->second;
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    std::int64_t seconds = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (fault == std::errc::result_out_of_range) seconds = day_s;
    return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 1, day_s));
}

/// Advice and delay of `entry`; a delay that a server names beats ours.
void give_retry(Diagnosis& diagnosis, const Entry& entry, const Evidence& evidence) {
    diagnosis.advice = entry.advice;
    diagnosis.delay = entry.delay;
    if (entry.advice != Advice::backoff && entry.advice != Advice::after) return;
    std::optional<std::chrono::milliseconds> named = delay_in_details(*evidence.facts);
    if (!named) named = delay_named_by_server(evidence.text);
    if (!named) return;
    diagnosis.advice = Advice::after;
    diagnosis.delay = named;
}

constexpr int most_causes = 2;

std::shared_ptr<const Error> explained_cause(const Facts& facts, Language language, int room) {
    if (!facts.cause || room == 0) return nullptr;
    return std::make_shared<const Error>(Error{*facts.cause, diagnose(*facts.cause, language),
                                               explained_cause(*facts.cause, language, room - 1)});
}

/// A refused token whose successor can be fetched later will be cured by that.
void take_over_retry(Diagnosis& diagnosis, const Facts& cause, const Catalogue& catalogue) {
    const Evidence evidence(cause, catalogue.fingerprints);
    const Entry& entry = entry_for(evidence, catalogue);
    if (entry.error_class != ErrorClass::transient) return;
    diagnosis.error_class = entry.error_class;
    give_retry(diagnosis, entry, evidence);
}

}  // namespace

Diagnosis diagnose(const Facts& facts, Language language) {
    const Catalogue& catalogue = Catalogue::embedded();
    const Evidence evidence(facts, catalogue.fingerprints);
    const Entry& entry = entry_for(evidence, catalogue);
    const auto index = language == Language::ja ? std::size_t{1} : std::size_t{0};
    const diagnosis::Words& words = catalogue.words[index];
    const diagnosis::Wording& wording = entry.wordings[index];

    Diagnosis out;
    out.id = entry.id;
    out.error_class = entry.error_class;
    give_retry(out, entry, evidence);
    if (facts.stage == Stage::auth && facts.cause) take_over_retry(out, *facts.cause, catalogue);
    out.explanation.title = worded(wording.title, facts, words);
    out.explanation.cause = worded(wording.cause, facts, words);
    for (const std::string& step : wording.steps) {
        std::string text = worded(step, facts, words);
        if (!text.empty()) out.explanation.steps.push_back(std::move(text));
    }
    out.explanation.actor = entry.actor;
    out.explanation.link = entry.link;
    return out;
}

Error explained(Facts facts, Language language) {
    Diagnosis diagnosis = diagnose(facts, language);
    std::shared_ptr<const Error> cause = explained_cause(facts, language, most_causes);
    return {std::move(facts), std::move(diagnosis), std::move(cause)};
}

std::string phrase(std::string_view name, const std::map<std::string, std::string>& values,
                   Language language) {
    const diagnosis::Words& words =
        Catalogue::embedded().words[language == Language::ja ? std::size_t{1} : std::size_t{0}];
    const auto found = words.find(name);
    if (found == words.end()) return std::string(name);
    Facts facts;
    facts.details = values;
    return worded(found->second, facts, words);
}

void explain(std::vector<Attempt>& attempts, Language language) {
    for (Attempt& attempt : attempts) {
        if (attempt.facts) attempt.error = explained(*attempt.facts, language);
    }
}

}  // namespace mailsend
