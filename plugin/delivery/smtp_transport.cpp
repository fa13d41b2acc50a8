#include "delivery/smtp_transport.hpp"

#include <utility>

#include "delivery/sign_in.hpp"
#include "delivery/trouble.hpp"

namespace mailsend::delivery {
namespace {

Facts refused(const Reply& reply, Stage stage, const Connection& connection) {
    Facts facts;
    facts.stage = stage;
    facts.reply = reply;
    return connection.told(std::move(facts));
}

smtp::Transaction transaction_for(const Message& message, Partial on_partial) {
    const Envelope& envelope = message.envelope();
    smtp::Transaction transaction;
    transaction.reverse_path = envelope.reverse_path.wire();
    for (const AddrSpec& path : envelope.forward_paths) transaction.forward_paths.push_back(path.wire());
    transaction.size = message.size();
    transaction.needs_smtputf8 = envelope.needs_smtputf8;
    transaction.all_or_nothing = on_partial == Partial::fail;
    return transaction;
}

/// What the recorded replies mean for each recipient.
std::vector<RecipientReport> recipients_of(const smtp::Transaction& transaction,
                                           const Connection& connection) {
    std::vector<RecipientReport> reports;
    for (std::size_t i = 0; i < transaction.forward_paths.size(); ++i) {
        RecipientReport report{transaction.forward_paths[i], Fate::not_attempted, std::nullopt};
        const bool answered = i < transaction.recipient_replies.size();
        if (answered && !transaction.recipient_replies[i].positive_completion()) {
            report.fate = Fate::rejected;
            report.facts = refused(transaction.recipient_replies[i], Stage::rcpt, connection);
        } else if (transaction.refusal) {  // MAIL, DATA or the end of data: it hits everybody who was left
            report.fate = Fate::rejected;
            report.facts = refused(*transaction.refusal, transaction.refused_at, connection);
        } else if (transaction.accepted_by) {
            report.fate = Fate::accepted;
        } else if (answered && transaction.end_of_data_begun) {
            report.fate = Fate::unknown;
        }
        reports.push_back(std::move(report));
    }
    return reports;
}

/// The verdict of a transaction that the server answered to its end.
void judge(Report& report, const smtp::Transaction& transaction, Partial on_partial) {
    report.reply = transaction.accepted_by;
    report.facts.reset();
    const RecipientReport* first_refused = nullptr;
    for (const RecipientReport& recipient : report.recipients) {
        if (recipient.fate == Fate::rejected && first_refused == nullptr) first_refused = &recipient;
    }
    if (!transaction.accepted_by) {
        report.verdict = Verdict::rejected;
        report.facts = first_refused->facts;
    } else if (first_refused != nullptr && on_partial != Partial::ignore) {
        report.verdict = Verdict::partial;
        report.facts = first_refused->facts;
    } else {
        report.verdict = Verdict::accepted;
    }
}

}  // namespace

Report SmtpTransport::deliver(Message& message, const net::Patience& patience) {
    Report report;
    smtp::Transaction transaction = transaction_for(message, on_partial_);
    SignIn sign_in(route_);
    const auto failed = [&](Verdict verdict, const Facts& facts) {
        const bool lost = transaction.end_of_data_begun && !transaction.done;
        report.verdict = lost ? Verdict::unknown : verdict;
        report.facts = lost ? lost_after_end_of_data(facts) : facts;
    };
    try {
        sign_in.open(patience);
        sign_in.connection().send(transaction, message, patience);
    } catch (const Failure& failure) {
        failed(Verdict::failed, failure.facts());
    } catch (const Cancelled& cancelled) {
        Facts facts;
        facts.stage = sign_in.stage();
        facts.condition = "cancelled";
        facts.sentence = cancelled.what();
        failed(Verdict::cancelled, located(std::move(facts), route_));
    } catch (const SourceBroken& broken) {
        Failure failure(Stage::data, broken.condition(), broken.what());
        failed(Verdict::failed, located(std::move(failure).at(broken.pointer()).facts(), route_));
    } catch (const std::exception& defect) {
        if (!transaction.end_of_data_begun) throw;
        failed(Verdict::failed,
               located(Failure(Stage::dot, "component.internal", defect.what()).facts(), route_));
    }
    report.recipients = recipients_of(transaction, sign_in.connection());
    // An answered transaction counts, whatever the server did afterwards.
    if (transaction.done) judge(report, transaction, on_partial_);
    Connection& connection = sign_in.connection();
    connection.quit(patience);
    report.server = connection.server();
    if (sign_in.refused()) report.attempts.push_back(*sign_in.refused());
    report.attempts.push_back(connection.attempt());
    return report;
}

}  // namespace mailsend::delivery
