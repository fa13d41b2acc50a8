#include "delivery/joined_report.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "delivery/transaction_report.hpp"
#include "wfc/problem.hpp"

namespace mailsend::delivery {

/// A new one where nothing was reported yet: nobody was tried.
RecipientReport& JoinedReport::at(std::size_t place) {
    auto& all = report_.recipients;
    const auto found =
        std::lower_bound(all.begin(), all.end(), place,
                         [](const RecipientReport& one, std::size_t wanted) { return one.place < wanted; });
    if (found != all.end() && found->place == place) return *found;
    return *all.insert(found, RecipientReport{place});
}

void JoinedReport::add(RecipientReport recipient) {
    RecipientReport& known = at(recipient.place);
    if (known.fate != Fate::accepted && known.fate != Fate::unknown) known = std::move(recipient);
}

void JoinedReport::add(Report report) {
    if (!report_.left_over.empty()) {
        for (const RecipientReport& recipient : report.recipients)
            std::erase(report_.left_over, recipient.place);
    }
    if (report_.recipients.empty()) {
        report_.recipients = std::move(report.recipients);
    } else {
        report_.recipients.reserve(order_.recipients.size());
        for (RecipientReport& recipient : report.recipients) add(std::move(recipient));
    }
    std::move(report.attempts.begin(), report.attempts.end(), std::back_inserter(report_.attempts));
    if (report.reply) report_.reply = std::move(report.reply);
    report_.verdict = report.verdict;
    report_.facts = std::move(report.facts);
    report_.server = std::move(report.server);
    report_.left_over.insert(report_.left_over.end(), report.left_over.begin(), report.left_over.end());
    std::sort(report_.left_over.begin(), report_.left_over.end());
    report_.message_read = report.message_read || report_.message_read;
    report_.another_address = report.another_address;
}

void JoinedReport::detail(std::size_t place, const std::string& name, const std::string& value) {
    RecipientReport& recipient = at(place);
    if (!recipient.facts) return;
    Facts facts = *recipient.facts;
    facts.details[name] = value;
    recipient.facts = std::move(facts);
}

void JoinedReport::not_the_last(const Facts& facts) {
    if (!report_.attempts.empty() && !report_.attempts.back().facts) report_.attempts.back().facts = facts;
}

bool JoinedReport::owed() const noexcept {
    return std::any_of(report_.recipients.begin(), report_.recipients.end(), [](const RecipientReport& one) {
        return one.fate == Fate::accepted || one.fate == Fate::unknown;
    });
}

void JoinedReport::broken_off(const std::vector<std::size_t>& places, const std::exception& by) {
    const bool changed = dynamic_cast<const wfc::Problem*>(&by) != nullptr;
    const Facts facts = changed ? Failure(Stage::data, "content.source_failed",
                                          "what is to be sent has changed since the first recipients got it")
                                      .facts()
                                : Failure(Stage::data, "component.internal", by.what()).facts();
    const Shared<Facts> shared = facts;
    for (const std::size_t place : places) add({place, Fate::not_attempted, shared});
    report_.verdict = Verdict::failed;
    report_.facts = facts;
}

void JoinedReport::cancelled(const Facts& facts) {
    report_.verdict = Verdict::cancelled;
    report_.facts = facts;
}

/// Whoever no report speaks of.
void JoinedReport::add_the_others() {
    const Shared<Facts> why = report_.facts;
    std::vector<RecipientReport> all;
    all.reserve(order_.recipients.size());
    auto known = report_.recipients.begin();
    for (const std::size_t place : order_.recipients) {
        const bool reported = known != report_.recipients.end() && known->place == place;
        all.push_back(reported ? std::move(*known++) : RecipientReport{place, Fate::not_attempted, why});
    }
    report_.recipients = std::move(all);
}

Report JoinedReport::finish() && {
    if (report_.recipients.size() < order_.recipients.size()) add_the_others();
    const auto any = [&](Fate fate) {
        return std::any_of(report_.recipients.begin(), report_.recipients.end(),
                           [&](const RecipientReport& one) { return one.fate == fate; });
    };
    const bool answered = report_.verdict == Verdict::accepted || report_.verdict == Verdict::partial ||
                          report_.verdict == Verdict::rejected;
    // What went wrong later takes nothing back.
    if (!any(Fate::unknown) && (answered || any(Fate::accepted))) sum_up(report_, on_partial_);
    return std::move(report_);
}

}  // namespace mailsend::delivery
