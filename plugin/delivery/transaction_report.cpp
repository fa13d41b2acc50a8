#include "delivery/transaction_report.hpp"

#include <algorithm>

#include "delivery/trouble.hpp"

namespace mailsend::delivery {
namespace {

bool is(const RecipientReport& recipient, Fate fate) noexcept {
    return recipient.fate == fate;
}

Facts refused(const Reply& reply, Stage stage, const Told& told) {
    Facts facts;
    facts.stage = stage;
    facts.reply = reply;
    return told(std::move(facts));
}

/// What the end of the transaction means for everybody who had not been refused by then.
RecipientReport end_of(const smtp::Transaction& transaction, const Told& told) {
    RecipientReport report;
    if (transaction.refusal) {  // MAIL, DATA or the end of data
        report.fate = Fate::rejected;
        report.facts = refused(*transaction.refusal, transaction.refused_at, told);
        if (transaction.refused_at == Stage::dot) report.reply = transaction.refusal;
    } else if (transaction.accepted_by) {
        report.fate = Fate::accepted;
        report.reply = transaction.accepted_by;
    } else if (transaction.end_of_data_begun && !transaction.shut_out) {
        report.fate = Fate::unknown;
    }
    return report;
}

/// What the recorded replies mean for the one at `i`, for whom there was room; `end`: see above.
RecipientReport one_of(const smtp::Transaction& transaction, std::size_t i, const RecipientReport& end,
                       const Told& told) {
    const auto& replies = transaction.recipient_replies;
    RecipientReport report;
    if (i < replies.size() && !replies[i]->positive_completion()) {
        report.fate = Fate::rejected;
        report.facts = refused(*replies[i], Stage::rcpt, told);
    } else if (i < transaction.asked || !is(end, Fate::unknown)) {
        report = end;
    }
    return report;
}

/// The refusal that ended it: the last one, which is where a server that hangs up stops.
Shared<Facts> last_refusal(const Report& report) {
    const auto found = std::find_if(report.recipients.rbegin(), report.recipients.rend(),
                                    [](const auto& recipient) { return is(recipient, Fate::rejected); });
    return found == report.recipients.rend() ? Shared<Facts>() : found->facts;
}

}  // namespace

smtp::Transaction transaction_for(const Message& message, const std::vector<std::size_t>& places,
                                  Partial on_partial) {
    const Envelope& envelope = message.envelope();
    smtp::Transaction transaction;
    transaction.reverse_path = envelope.reverse_path.wire();
    transaction.forward_paths.reserve(places.size());
    for (const std::size_t place : places)
        transaction.forward_paths.push_back(envelope.forward_paths.at(place).wire());
    transaction.size = message.size();
    transaction.needs_smtputf8 = envelope.needs_smtputf8;
    transaction.all_or_nothing = on_partial == Partial::fail;
    return transaction;
}

void judge(Report& report, const smtp::Transaction& transaction, const std::vector<std::size_t>& places,
           Partial on_partial, const Told& told) {
    if (transaction.end_of_data_begun && !transaction.done && !transaction.shut_out) {
        report.verdict = Verdict::unknown;
        report.facts = lost_after_end_of_data(report.facts.value_or(Facts{}));
    }
    const RecipientReport end = end_of(transaction, told);
    report.recipients.reserve(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        const bool left_over = transaction.left_over(i);
        report.recipients.push_back(left_over ? RecipientReport{} : one_of(transaction, i, end, told));
        report.recipients.back().place = places[i];
        if (left_over) report.left_over.push_back(places[i]);
    }
    const Shared<Facts> why = transaction.done ? last_refusal(report) : Shared<Facts>(report.facts);
    for (std::size_t i = 0; why && i < places.size(); ++i) {
        RecipientReport& recipient = report.recipients[i];
        if (is(recipient, Fate::not_attempted) && !transaction.left_over(i)) recipient.facts = why;
    }
    if (!transaction.done) return;
    report.reply = transaction.accepted_by;
    sum_up(report, on_partial);
}

void sum_up(Report& report, Partial on_partial) {
    bool accepted = false;
    const Facts* refusal = nullptr;
    const Facts* obstacle = nullptr;
    for (const RecipientReport& recipient : report.recipients) {
        if (is(recipient, Fate::accepted)) {
            accepted = true;
        } else if (recipient.facts) {
            const Facts*& first = is(recipient, Fate::rejected) ? refusal : obstacle;
            if (first == nullptr) first = &*recipient.facts;
        }
    }
    const Facts* const why = refusal != nullptr ? refusal : obstacle;
    if (why == nullptr || (accepted && on_partial == Partial::ignore)) {
        report.verdict = Verdict::accepted;
        report.facts.reset();
        return;
    }
    report.verdict = accepted ? Verdict::partial : Verdict::rejected;
    report.facts = *why;
}

}  // namespace mailsend::delivery
