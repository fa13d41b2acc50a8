#include "diagnosis/diagnosis.hpp"

#include <algorithm>

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
    out.advice = entry.advice;
    out.delay = entry.delay;
    if (out.advice == Advice::backoff || out.advice == Advice::after) {
        if (const auto named = delay_named_by_server(evidence.text)) {
            out.advice = Advice::after;
            out.delay = named;
        }
    }
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

}  // namespace mailsend
