// The part of a session that records what the server answers to the commands of a transaction.
#include "smtp/session.hpp"

namespace mailsend::smtp {

void Session::refused(Transaction& transaction, const Reply& reply, Stage stage) {
    if (transaction.refusal) return;
    transaction.refusal = reply;
    transaction.refused_at = stage;
}

void Session::on_fresh_start(const Reply& reply, Transaction* transaction) {
    if (!reply.positive_completion()) {
        if (reset_refused_in_leaving()) return;
        refuse(Stage::mail, reply);
    }
    if (transaction != nullptr && transaction->course.flow == Flow::lockstep) say_mail(*transaction);
}

void Session::on_mail(const Reply& reply, Transaction* transaction) {
    if (reply.positive_intermediate()) unexpected(Stage::mail, reply);
    if (transaction == nullptr) return;
    const bool lockstep = transaction->course.flow == Flow::lockstep;
    transaction->mail_answered = true;
    if (reply.positive_completion()) {
        if (open_ == transaction) half_way_ = true;
        return lockstep ? say_rcpt(*transaction) : go_on(*transaction);
    }
    refused(*transaction, reply, Stage::mail);
    if (!in_step_) return settle(*transaction);
    if (!lockstep) return go_on(*transaction);
    if (transaction->probe) end_with_rset(*transaction);
    settle(*transaction);
}

void Session::on_rcpt(const Reply& reply, Transaction* transaction) {
    if (reply.positive_intermediate()) unexpected(Stage::rcpt, reply);
    if (transaction == nullptr) return;
    Transaction::Course& course = transaction->course;
    const bool lockstep = course.flow == Flow::lockstep;
    ++course.answered;
    if (!transaction->refusal) {
        const bool may_split = in_step_ && !leaving_ && !transaction->probe && !transaction->all_or_nothing;
        if (may_split && course.accepted > 0 && too_many_recipients(reply)) {
            if (!transaction->full) transaction->full = reply;
            if (lockstep) {
                transaction->asked = transaction->recipient_replies.size();
                return say_data(*transaction);
            }
        }
        transaction->answered(reply);
        if (reply.positive_completion()) {
            ++course.accepted;
            if (open_ == transaction) half_way_ = true;
        }
    }
    if (!in_step_) {
        transaction->shut_out = server_left_;  // the end of its data may have left, and nobody reads it
        return settle(*transaction);
    }
    lockstep ? go_on_in_lockstep(*transaction) : go_on(*transaction);
}

void Session::go_on_in_lockstep(Transaction& transaction) {
    const Transaction::Course& course = transaction.course;
    const bool refused_one = course.accepted < course.answered;
    if (transaction.asked < transaction.forward_paths.size() && !(refused_one && transaction.all_or_nothing))
        return say_rcpt(transaction);
    if (transaction.probe || (course.accepted > 0 && refused_one && transaction.all_or_nothing)) {
        end_with_rset(transaction);
        return settle(transaction);  // the verdict stands, whatever becomes of RSET
    }
    if (course.accepted == 0) return settle(transaction);
    say_data(transaction);
}

void Session::on_data(const Reply& reply, Transaction* transaction) {
    const bool refusal = reply.transient_negative() || reply.permanent_negative();
    if (!(refusal || reply.code == 354)) unexpected(Stage::data, reply);
    if (transaction == nullptr) return;
    const bool nobody = transaction->refusal || transaction->course.accepted == 0;
    if (refusal) {
        if (!nobody) refused(*transaction, reply, Stage::data);
        return settle(*transaction);
    }
    if (nobody) {  // RFC 2920 section 3.1: the server is given an empty message, which goes to no one
        group_.empty_body();
        said(Stage::dot, &Session::on_empty_body, transaction);
        half_way_ = false;
        return close(*transaction);
    }
    transaction->body_begun = true;
    transaction->course.body_due = true;
    stage_ = Stage::data;
}

void Session::on_empty_body(const Reply& reply, Transaction* transaction) {
    if (reply.positive_intermediate()) unexpected(Stage::dot, reply);
    if (transaction != nullptr) settle(*transaction);
}

void Session::on_dot(const Reply& reply, Transaction* transaction) {
    if (reply.positive_intermediate()) unexpected(Stage::dot, reply);
    if (transaction == nullptr) return;
    if (reply.positive_completion()) {
        transaction->accepted_by = reply;
    } else {
        refused(*transaction, reply, Stage::dot);
    }
    settle(*transaction);
}

void Session::on_chunk(const Reply& reply, Transaction* transaction) {
    if (reply.positive_intermediate()) unexpected(Stage::data, reply);
    if (transaction == nullptr) return;
    if (!reply.positive_completion() && transaction->course.accepted > 0)
        refused(*transaction, reply, Stage::data);
    if (!in_step_) settle(*transaction);
}

void Session::on_last_chunk(const Reply& reply, Transaction* transaction) {
    if (reply.positive_intermediate()) unexpected(Stage::dot, reply);
    if (transaction == nullptr) return;
    if (reply.positive_completion() && latest_ == transaction) half_way_ = false;
    // What comes behind a refusal, or where nobody is to get the message, says nothing more about it.
    if (!transaction->refusal && transaction->course.accepted > 0) {
        if (reply.positive_completion()) {
            transaction->accepted_by = reply;
        } else {
            refused(*transaction, reply, Stage::dot);
        }
    }
    settle(*transaction);
}

/// Whether the server closes now decides, as with every 421; if it goes on, nobody knows in which envelope.
bool Session::reset_refused_in_leaving() noexcept {
    reset_refused_ = leaving() && in_step_;
    return reset_refused_;
}

void Session::on_rset(const Reply& reply, Transaction* transaction) {
    if (transaction != nullptr) settle(*transaction);
    if (reply.positive_completion()) return;
    if (reset_refused_in_leaving()) return;
    in_step_ = false;
    // What was said behind it went into an envelope that may still be there.
    if (!flying_.empty() && !leaving_) unexpected(Stage::mail, reply);
}

void Session::on_quit(const Reply&, Transaction*) {
    enter(State::over, Stage::quit);
}

}  // namespace mailsend::smtp
