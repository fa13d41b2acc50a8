#include "diagnosis/diagnosis.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "diagnosis/catalogue.hpp"
#include "diagnosis/matcher.hpp"
#include "diagnosis/wait_words.hpp"
#include "diagnosis/waiting_time.hpp"
#include "outcome/masking.hpp"

namespace mailsend {
namespace {

using diagnosis::Catalogue;
using diagnosis::Entry;
using diagnosis::Evidence;
using diagnosis::worded;

constexpr std::int64_t day_s = 86400;
constexpr std::int64_t most_wait_ms = 400 * day_s * 1000;  // as long as anything is remembered

/// The whole number in the detail `name`, at most `most`; nothing where there is none.
std::optional<std::int64_t> number_in_details(const Facts& facts, const char* name, std::int64_t most) {
    const auto found = facts.details.find(name);
    if (found == facts.details.end()) return std::nullopt;
    const std::string& text = found->second;
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault == std::errc::result_out_of_range) number = most;
    return std::clamp<std::int64_t>(number, 1, most);
}

/// What we know ourselves: when a limit lets the next message through, or another attempt would be due.
std::optional<std::chrono::milliseconds> own_wait(const Facts& facts) {
    const auto ms = number_in_details(facts, "retry_after_ms", most_wait_ms);
    return ms ? std::optional(std::chrono::milliseconds(*ms)) : std::nullopt;
}

/// Seconds that an authorization server asks to wait (Retry-After); more than a day is a day.
std::optional<std::chrono::milliseconds> delay_in_details(const Facts& facts) {
    const auto seconds = number_in_details(facts, "retry_after_s", day_s);
    return seconds ? std::optional<std::chrono::milliseconds>(std::chrono::seconds(*seconds)) : std::nullopt;
}

/// Advice and delay of `entry`; a delay that a server names beats the entry's, one that we know beats both.
void give_retry(Diagnosis& diagnosis, const Entry& entry, const Facts& facts, const Evidence& evidence) {
    diagnosis.advice = entry.advice;
    diagnosis.delay = entry.delay;
    std::optional<std::chrono::milliseconds> named = own_wait(facts);
    if (!named && entry.advice != Advice::backoff && entry.advice != Advice::after) return;
    if (!named) named = delay_in_details(facts);
    if (!named) named = diagnosis::waiting_time(evidence.text());
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
    Evidence evidence(cause, catalogue);
    const Entry entry = catalogue.entry(evidence.entry());
    if (entry.error_class != ErrorClass::transient) return;
    diagnosis.error_class = entry.error_class;
    diagnosis.penalty = diagnosis.penalty || entry.penalty;
    give_retry(diagnosis, entry, cause, evidence);
}

/// `facts` with the time to wait as a value for texts: {wait}.
Facts with_wait(Facts facts, std::chrono::milliseconds wait, Language language) {
    facts.details["wait"] = diagnosis::wait_words(wait, language);
    return facts;
}

}  // namespace

Diagnosis diagnose(const Facts& facts, Language language) {
    const Catalogue& catalogue = Catalogue::embedded();
    Evidence evidence(facts, catalogue);
    const Entry entry = catalogue.entry(evidence.entry());
    const diagnosis::Words words = catalogue.words(language);
    const diagnosis::Wording& wording = entry.wordings[language == Language::ja ? 1 : 0];

    Diagnosis out;
    out.id = entry.id;
    out.error_class = entry.error_class;
    out.penalty = entry.penalty;
    give_retry(out, entry, facts, evidence);
    if (facts.stage == Stage::auth && facts.cause) take_over_retry(out, *facts.cause, catalogue);
    const auto wait = own_wait(facts);
    const Facts waiting = wait ? with_wait(facts, *wait, language) : Facts();
    const Facts& shown = wait ? waiting : facts;
    out.explanation.title = worded(wording.title, shown, words);
    out.explanation.cause = worded(wording.cause, shown, words);
    for (std::size_t i = 0; i < wording.steps.size(); ++i) {
        std::string text = worded(wording.steps[i], shown, words);
        if (!text.empty()) out.explanation.steps.push_back(std::move(text));
    }
    out.explanation.actor = entry.actor;
    out.explanation.link = entry.link;
    return out;
}

Error explained(Facts facts, const Reader& reader) {
    Facts shown = masked(std::move(facts), reader.hidden);
    Diagnosis diagnosis = diagnose(shown, reader.language);
    std::shared_ptr<const Error> cause = explained_cause(shown, reader.language, most_causes);
    return {std::move(shown), std::move(diagnosis), std::move(cause)};
}

std::string phrase(std::string_view name, const std::map<std::string, std::string>& values,
                   Language language) {
    const diagnosis::Words words = Catalogue::embedded().words(language);
    const std::string_view found = words(name);
    if (found.empty()) return std::string(name);
    Facts facts;
    facts.details = values;
    return worded(found, facts, words);
}

void explain(std::vector<Attempt>& attempts, const Reader& reader) {
    for (Attempt& attempt : attempts) {
        if (attempt.facts) attempt.error = explained(*attempt.facts, reader);
    }
}

}  // namespace mailsend
