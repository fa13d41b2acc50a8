// The part of a session from MAIL to QUIT.
#include "smtp/session.hpp"

namespace mailsend::smtp {
namespace {

/// Of 452 only the one that says so or says nothing: 452 4.2.2 is a full mailbox, 452 4.3.1 a full disk.
bool too_many_recipients(const Reply& reply) {
    if (!reply.transient_negative()) return false;
    const std::optional<EnhancedStatus> status = reply.enhanced();
    return status ? *status == EnhancedStatus{4, 5, 3} : reply.code == 452;
}

}  // namespace

void Session::begin(Transaction& transaction) {
    if (transaction.needs_smtputf8 && !capabilities_.smtputf8) {
        throw Failure(
            Stage::mail, "mail.smtputf8_missing",
            "an address has characters outside ASCII before the @, and the server does not offer SMTPUTF8");
    }
    if (capabilities_.size && transaction.size) {
        if (*capabilities_.size > 0 && *transaction.size > *capabilities_.size) {
            throw Failure(Stage::mail, "mail.size_exceeded",
                          "the message has " + std::to_string(*transaction.size) +
                              " octets, the server takes at most " + std::to_string(*capabilities_.size))
                .with("size", std::to_string(*transaction.size))
                .with("limit", std::to_string(*capabilities_.size));
        }
    }
    transaction_ = &transaction;
    if (half_way_) return send(rset(), Stage::mail, &Session::on_fresh_start);
    say_mail();
}

void Session::on_fresh_start(const Reply& reply) {
    if (!reply.positive_completion()) refuse(Stage::mail, reply);
    half_way_ = false;
    say_mail();
}

void Session::say_mail() {
    MailParameters parameters;
    if (capabilities_.size) parameters.size = transaction_->size;
    parameters.smtputf8 = transaction_->needs_smtputf8;
    parameters.body_8bitmime = transaction_->needs_8bitmime && capabilities_.eight_bit_mime;
    send(mail(transaction_->reverse_path, parameters), Stage::mail, &Session::on_mail);
}

void Session::finish_transaction() {
    transaction_->done = true;
    transaction_ = nullptr;
    enter(in_step_ ? State::ready : State::over, stage_);
}

void Session::on_mail(const Reply& reply) {
    if (reply.positive_intermediate()) unexpected(Stage::mail, reply);
    transaction_->mail_answered = true;
    if (reply.positive_completion()) {
        half_way_ = true;
        return send(rcpt(transaction_->forward_paths.front()), Stage::rcpt, &Session::on_rcpt);
    }
    transaction_->refusal = reply;
    transaction_->refused_at = Stage::mail;
    if (transaction_->probe && in_step_) return end_probe();
    finish_transaction();
}

/// Everything asked was answered, whatever becomes of RSET.
void Session::end_probe() {
    transaction_->done = true;
    send(rset(), Stage::quit, &Session::on_rset);
}

void Session::on_rcpt(const Reply& reply) {
    if (reply.positive_intermediate()) unexpected(Stage::rcpt, reply);
    Transaction& transaction = *transaction_;
    const bool may_split = in_step_ && !transaction.probe && !transaction.all_or_nothing;
    if (may_split && transaction.accepted_recipients() > 0 && too_many_recipients(reply)) {
        transaction.full = reply;
        return send(data(), Stage::data, &Session::on_data);
    }
    transaction.recipient_replies.push_back(reply);
    if (!in_step_) return finish_transaction();
    const std::size_t asked = transaction.recipient_replies.size();
    const bool refused = transaction.accepted_recipients() < asked;
    if (asked < transaction.forward_paths.size() && !(refused && transaction.all_or_nothing)) {
        return send(rcpt(transaction.forward_paths[asked]), Stage::rcpt, &Session::on_rcpt);
    }
    if (transaction.probe) return end_probe();
    if (transaction.accepted_recipients() == 0) return finish_transaction();
    if (refused && transaction.all_or_nothing) {
        transaction.done = true;  // the verdict stands, whatever becomes of RSET
        return send(rset(), Stage::quit, &Session::on_rset);
    }
    send(data(), Stage::data, &Session::on_data);
}

void Session::on_rset(const Reply& reply) {
    if (!reply.positive_completion()) in_step_ = false;
    half_way_ = false;
    finish_transaction();
}

void Session::on_data(const Reply& reply) {
    if (reply.code == 354) {
        transaction_->body_begun = true;
        return enter(State::body, Stage::data);
    }
    if (reply.transient_negative() || reply.permanent_negative()) {
        transaction_->refusal = reply;
        transaction_->refused_at = Stage::data;
        return finish_transaction();
    }
    unexpected(Stage::data, reply);
}

void Session::end_of_data() {
    transaction_->end_of_data_begun = true;
    expected_.push_back({Stage::dot, &Session::on_dot});
    enter(State::talking, Stage::dot);
}

void Session::end_of_data_withheld() {
    transaction_->end_of_data_begun = false;
    expected_.clear();
    enter(State::body, Stage::data);
}

void Session::on_dot(const Reply& reply) {
    if (reply.positive_intermediate()) unexpected(Stage::dot, reply);
    half_way_ = false;
    if (reply.positive_completion()) {
        transaction_->accepted_by = reply;
    } else {
        transaction_->refusal = reply;
        transaction_->refused_at = Stage::dot;
    }
    finish_transaction();
}

void Session::on_quit(const Reply&) {
    enter(State::over, Stage::quit);
}

}  // namespace mailsend::smtp
