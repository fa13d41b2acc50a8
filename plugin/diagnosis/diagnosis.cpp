#include "diagnosis/diagnosis.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "diagnosis/catalogue.hpp"
#include "diagnosis/matcher.hpp"
#include "diagnosis/waiting_time.hpp"
#include "outcome/masking.hpp"

namespace mailsend {
namespace {

using diagnosis::Catalogue;
using diagnosis::Entry;
using diagnosis::Evidence;
using diagnosis::worded;

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
void give_retry(Diagnosis& diagnosis, const Entry& entry, const Facts& facts, const Evidence& evidence) {
    diagnosis.advice = entry.advice;
    diagnosis.delay = entry.delay;
    if (entry.advice != Advice::backoff && entry.advice != Advice::after) return;
    std::optional<std::chrono::milliseconds> named = delay_in_details(facts);
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
    give_retry(diagnosis, entry, cause, evidence);
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
    give_retry(out, entry, facts, evidence);
    if (facts.stage == Stage::auth && facts.cause) take_over_retry(out, *facts.cause, catalogue);
    out.explanation.title = worded(wording.title, facts, words);
    out.explanation.cause = worded(wording.cause, facts, words);
    for (std::size_t i = 0; i < wording.steps.size(); ++i) {
        std::string text = worded(wording.steps[i], facts, words);
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
