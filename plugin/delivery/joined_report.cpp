#include "delivery/joined_report.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "delivery/transaction_report.hpp"
#include "wfc/problem.hpp"

namespace mailsend::delivery {

JoinedReport::JoinedReport(const Message& message, const Order& order, Partial on_partial)
    : on_partial_(on_partial), reported_(order.recipients.size()) {
    for (const std::size_t place : order.recipients) {
        RecipientReport recipient;
        recipient.place = place;
        recipient.address = message.envelope().forward_paths.at(place).wire();
        report_.recipients.push_back(std::move(recipient));
    }
}

/// Places are in ascending order.
RecipientReport& JoinedReport::at(std::size_t place) {
    return *std::lower_bound(
        report_.recipients.begin(), report_.recipients.end(), place,
        [](const RecipientReport& one, std::size_t wanted) { return one.place < wanted; });
}

void JoinedReport::add(Report report) {
    for (RecipientReport& recipient : report.recipients) {
        RecipientReport& known = at(recipient.place);
        reported_[static_cast<std::size_t>(&known - report_.recipients.data())] = true;
        std::erase(report_.left_over, recipient.place);
        if (known.fate != Fate::accepted && known.fate != Fate::unknown) known = std::move(recipient);
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
    if (recipient.facts) recipient.facts->details[name] = value;
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
    for (const std::size_t place : places) {
        RecipientReport& recipient = at(place);
        if (recipient.fate == Fate::accepted || recipient.fate == Fate::unknown) continue;
        recipient.fate = Fate::not_attempted;
        recipient.facts = facts;
    }
    report_.verdict = Verdict::failed;
    report_.facts = facts;
}

void JoinedReport::cancelled(const Facts& facts) {
    report_.verdict = Verdict::cancelled;
    report_.facts = facts;
}

Report JoinedReport::finish() && {
    for (std::size_t i = 0; i < reported_.size(); ++i) {
        if (!reported_[i]) report_.recipients[i].facts = report_.facts;
    }
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
