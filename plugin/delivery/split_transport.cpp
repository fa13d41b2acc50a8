#include "delivery/split_transport.hpp"

#include <algorithm>
#include <utility>

#include "delivery/joined_report.hpp"
#include "smtp/transaction.hpp"

namespace mailsend::delivery {
namespace {

/// Others may still be taken: whoever was refused was so for their own sake.
bool others_may_do_better(const Report& report) {
    if (report.verdict == Verdict::accepted || report.verdict == Verdict::partial) return true;
    if (report.verdict != Verdict::rejected) return false;
    return std::all_of(report.recipients.begin(), report.recipients.end(), [](const RecipientReport& one) {
        return !one.facts || (one.fate == Fate::rejected && one.facts->stage == Stage::rcpt &&
                              one.facts->reply->code != smtp::closing_channel);
    });
}

Report unreadable(const std::vector<std::size_t>& places) {
    Report report;
    report.facts = Failure(Stage::data, "content.source_failed",
                           "an attachment cannot be read a second time, for more recipients than one message "
                           "may have")
                       .facts();
    const Shared<Facts> why = report.facts;
    for (const std::size_t place : places) report.recipients.push_back({place, Fate::not_attempted, why});
    return report;
}

}  // namespace

Report SplitTransport::deliver(Message& message, const Order& order, const net::Patience& patience) {
    JoinedReport joined(order, on_partial_);
    std::vector<std::size_t> rest = order.recipients;
    for (;;) {
        Order part = order;
        const std::size_t count = std::min(limit_.value_or(rest.size()), rest.size());
        const auto end = rest.begin() + static_cast<std::ptrdiff_t>(count);
        part.recipients.assign(rest.begin(), end);
        Report report;
        try {
            report = inner_.deliver(message, part, patience);
        } catch (const std::exception& defect) {
            if (!joined.owed()) throw;
            joined.broken_off(rest, defect);
            return std::move(joined).finish();
        }
        rest.erase(rest.begin(), end);
        rest.insert(rest.begin(), report.left_over.begin(), report.left_over.end());
        // A server without room says so for each one too many; the next transactions need not ask.
        if (!report.left_over.empty())
            limit_ = std::max<std::size_t>(part.recipients.size() - report.left_over.size(), 1);
        const bool go_on = !rest.empty() && others_may_do_better(report);
        const bool read = report.message_read;
        const std::optional<Facts> facts = report.facts;
        report.left_over.clear();
        joined.add(std::move(report));
        if (!go_on) return std::move(joined).finish();
        if (facts) joined.not_the_last(*facts);
        if (read && !message.rewind()) {
            joined.add(unreadable(rest));
            return std::move(joined).finish();
        }
    }
}

}  // namespace mailsend::delivery
