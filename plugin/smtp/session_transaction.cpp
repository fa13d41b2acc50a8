// The part of a session that says what belongs to a transaction, from MAIL to the end of data, and QUIT.
#include <algorithm>
#include <stdexcept>

#include "smtp/session.hpp"

namespace mailsend::smtp {
namespace {

/// RCPT without a reply: a server that answers before it reads on must find room for its replies.
constexpr std::size_t most_unanswered = 256;

}  // namespace

Flow Session::flow() const noexcept {
    if (!options_.pipelining || !capabilities_.pipelining) return Flow::lockstep;
    return options_.chunking && capabilities_.chunking ? Flow::chunked : Flow::pipelined;
}

void Session::forgo(bool pipelining, bool chunking) noexcept {
    if (pipelining) options_.pipelining = false;
    if (chunking) options_.chunking = false;
}

bool Session::may_begin() const noexcept {
    if (!ready() || !in_step_ || open_ != nullptr || cut_short_) return false;
    return expected_.empty() || flow() != Flow::lockstep;
}

void Session::check(const Transaction& transaction) const {
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
    const bool sendable =
        CommandGroup::takes(transaction.reverse_path) &&
        std::all_of(transaction.forward_paths.begin(), transaction.forward_paths.end(), CommandGroup::takes);
    if (!sendable) throw std::invalid_argument("a command may not contain CR, LF or NUL");
}

void Session::begin(Transaction& transaction) {
    if (!may_begin()) throw std::logic_error("a transaction was begun where none may");
    check(transaction);
    transaction.forget();
    transaction.course.flow = flow();
    transaction.begun = true;
    flying_.push_back(&transaction);
    open_ = &transaction;
    latest_ = &transaction;
    const bool left_half_way = half_way_;
    // Whether BDAT will end it is known only with the reply to it.
    half_way_ = transaction.course.flow == Flow::chunked;
    if (left_half_way) {
        say_rset(Stage::mail, &Session::on_fresh_start, &transaction);
        if (transaction.course.flow == Flow::lockstep) return;
    }
    say_mail(transaction);
    if (transaction.course.flow != Flow::lockstep) go_on(transaction);
}

void Session::said(Stage stage, Handler handler, Transaction* transaction) {
    if (options_.sent) options_.sent(stage, group_.last());
    if (expected_.empty()) stage_ = stage;
    expected_.push({stage, handler, transaction});
    ++unsent_;
    if (transaction == nullptr) return;
    if (transaction->course.awaited++ == 0) transaction->stage = stage;
}

void Session::say_mail(Transaction& transaction) {
    MailParameters parameters;
    if (capabilities_.size) parameters.size = transaction.size;
    parameters.smtputf8 = transaction.needs_smtputf8;
    parameters.body_8bitmime = transaction.needs_8bitmime && capabilities_.eight_bit_mime;
    if (capabilities_.dsn && transaction.envelope_id) parameters.envelope_id = *transaction.envelope_id;
    group_.mail(transaction.reverse_path, parameters);
    said(Stage::mail, &Session::on_mail, &transaction);
}

void Session::say_rcpt(Transaction& transaction) {
    group_.rcpt(transaction.forward_paths[transaction.asked++]);
    said(Stage::rcpt, &Session::on_rcpt, &transaction);
}

void Session::say_rset(Stage stage, Handler handler, Transaction* transaction) {
    group_.rset();
    said(stage, handler, transaction);
}

void Session::say_data(Transaction& transaction) {
    group_.data();
    said(Stage::data, &Session::on_data, &transaction);
    transaction.course.closed = true;
}

/// Says what may be said by now.
void Session::go_on(Transaction& transaction) {
    Transaction::Course& course = transaction.course;
    if (!course.closed && !course.body_due) {
        if (transaction.refusal) {
            close(transaction);
        } else if (transaction.all_or_nothing && course.accepted < course.answered) {
            end_with_rset(transaction);
        } else {
            const std::size_t all = transaction.forward_paths.size();
            while (transaction.asked < all && !transaction.full &&
                   transaction.asked - course.answered < most_unanswered)
                say_rcpt(transaction);
            if (transaction.asked == all || transaction.full) all_named(transaction);
        }
    }
    if (course.closed && !course.body_due && course.awaited == 0) settle(transaction);
}

void Session::all_named(Transaction& transaction) {
    if (transaction.probe) return end_with_rset(transaction);
    if (transaction.all_or_nothing && transaction.course.answered < transaction.asked) return;
    if (transaction.course.flow == Flow::pipelined) return say_data(transaction);
    transaction.course.body_due = true;
    transaction.stage = transaction.course.awaited == 0 ? Stage::data : transaction.stage;
}

/// Nothing of it is to be sent. Its verdict does not wait for the reply.
void Session::end_with_rset(Transaction& transaction) {
    say_rset(Stage::quit, &Session::on_rset, nullptr);
    half_way_ = false;
    close(transaction);
}

void Session::close(Transaction& transaction) noexcept {
    transaction.course.closed = true;
    transaction.course.body_due = false;
    if (open_ == &transaction) open_ = nullptr;
}

// ---- the body

bool Session::may_send_body(const Transaction& transaction) const noexcept {
    return state_ == State::ready && open_ == &transaction && transaction.course.body_due;
}

void Session::chunk(Transaction& transaction, std::uint64_t octets, bool last) {
    if (!may_send_body(transaction)) throw std::logic_error("BDAT was said where no body is due");
    transaction.body_begun = true;
    group_.bdat(octets, last);
    if (!last) return said(Stage::data, &Session::on_chunk, &transaction);
    said(Stage::dot, &Session::on_last_chunk, &transaction);
    transaction.end_of_data_begun = true;
    close(transaction);
}

void Session::give_up(Transaction& transaction) {
    if (!may_send_body(transaction)) throw std::logic_error("a body was given up that is not due");
    say_rset(Stage::data, &Session::on_rset, &transaction);
    half_way_ = false;
    close(transaction);
}

void Session::end_of_data(Transaction& transaction) {
    if (!may_send_body(transaction)) throw std::logic_error("a body was ended that is not due");
    transaction.end_of_data_begun = true;
    if (expected_.empty()) stage_ = Stage::dot;
    expected_.push({Stage::dot, &Session::on_dot, &transaction});
    ++transaction.course.awaited;
    transaction.stage = Stage::dot;
    half_way_ = false;
    close(transaction);
}

void Session::end_of_data_withheld(Transaction& transaction) {
    const auto dot = std::find_if(expected_.begin(), expected_.end(),
                                  [&](const Expected& one) { return one.transaction == &transaction; });
    if (dot == expected_.end() || state_ != State::ready) {  // the session has ended meanwhile
        if (!transaction.done) transaction.end_of_data_begun = false;
        return;
    }
    expected_.keep(static_cast<std::size_t>(dot - expected_.begin()));
    group_.clear();
    unsent_ = 0;
    const auto own = std::find(flying_.begin(), flying_.end(), &transaction);
    std::for_each(own + 1, flying_.end(), [](Transaction* behind) { behind->begun = false; });
    flying_.erase(own + 1, flying_.end());
    --transaction.course.awaited;
    transaction.course.body_due = true;
    transaction.end_of_data_begun = false;
    open_ = &transaction;
    stage_ = transaction.stage = Stage::data;
}

void Session::abandon(Transaction& transaction) noexcept {
    for (Expected& expected : expected_) {
        if (expected.transaction == &transaction) expected.transaction = nullptr;
    }
    std::erase(flying_, &transaction);
    if (transaction.decided()) transaction.done = true;
    if (open_ != &transaction) return;
    open_ = nullptr;
    cut_short_ = true;
}

void Session::settle(Transaction& transaction) noexcept {
    if (transaction.course.awaited > 0) {
        for (Expected& expected : expected_) {
            if (expected.transaction == &transaction) expected.transaction = nullptr;
        }
    }
    close(transaction);
    std::erase(flying_, &transaction);
    transaction.done = true;
}

void Session::quit() {
    group_.quit();
    said(Stage::quit, &Session::on_quit, nullptr);
    enter(State::talking, expected_.front().stage);
}

}  // namespace mailsend::smtp
