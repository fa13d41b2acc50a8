// The part of a session that hears: each reply goes to the command it answers.
#include <algorithm>
#include <utility>

#include "smtp/session.hpp"

namespace mailsend::smtp {
namespace {

constexpr std::size_t longest_quotation = 256;

}  // namespace

void Session::received(std::string_view bytes) {
    try {
        reader_.allow_line(stage_ == Stage::auth ? ReplyReader::max_exchange_line : ReplyReader::max_line);
        reader_.push(bytes);
        if (stage_ == Stage::greeting && reader_.rest().substr(0, 2) == "\x15\x03") {
            in_step_ = false;
            throw Failure(stage_, "greet.tls_alert", "the server expects TLS from the first byte");
        }
        while (Reply* const reply = reader_.read()) take(*reply);
    } catch (const BadReply& bad) {
        in_step_ = server_left_ = false;
        break_off();
        const bool first_words =
            stage_ == Stage::greeting && std::string_view(bad.condition()) == "protocol.garbage";
        std::string sentence = bad.what();
        if (authentication_) authentication_->hide_credentials(sentence, *options_.credentials);
        Failure failure(stage_, first_words ? "greet.not_smtp" : bad.condition(), std::move(sentence));
        if (first_words) failure.facts().details["said"] = bytes.substr(0, longest_quotation);
        throw Failure(std::move(failure));
    } catch (...) {
        break_off();
        throw;
    }
}

void Session::closed_by_peer() {
    const bool awaited = !expected_.empty() || state_ != State::over;
    const bool only_the_end = stage_ == Stage::quit && flying_.empty();
    const std::optional<Facts> lost_login = hopeless();
    lost();
    if (!awaited || only_the_end) return;
    if (stage_ == Stage::greeting) {
        throw Failure(stage_, "greet.eof", "the server closed the connection without a greeting");
    }
    if (lost_login) throw Failure(*lost_login);
    throw Failure(stage_, "conn.closed", "the server closed the connection in the middle of the dialogue");
}

void Session::lost() noexcept {
    in_step_ = false;
    break_off();
    expected_.clear();
    unsent_ = 0;
    enter(State::over, stage_);
}

/// Takes credentials out of what a server repeats. Only a challenge is answered as it came: later on the
/// words are nobody's challenge, and go into results.
void Session::take(Reply& reply) {
    if (!expected_.empty()) stage_ = expected_.front().stage;
    if (authentication_ && !signed_in_) {
        Reply shown = reply;
        if (options_.replied || stage_ == Stage::auth)
            authentication_->hide_credentials(shown, *options_.credentials);
        if (options_.replied) options_.replied(stage_, shown);
        return match(reply, shown);
    }
    if (signed_in_) authentication_->hide_credentials(reply, *options_.credentials);
    if (options_.replied) options_.replied(stage_, reply);
    match(reply, reply);
}

void Session::match(const Reply& reply, const Reply& shown) {
    const bool leaves = reply.code == closing_channel;
    if (leaves) {
        leaving_ = server_left_ = true;
        in_step_ = in_doubt();
    } else if (leaving_) {
        server_left_ = false;  // it did not: what it says of the others counts
        if (reset_refused_) unexpected(stage_, shown);
    }
    // A reply to a command that has not left yet answers nothing that was asked.
    if (expected_.size() == unsent_) {
        if (spoke_out_of_turn(shown)) return;
        if (leaves) refuse(stage_, shown);
        unexpected(stage_, shown);
    }
    const Expected answered = expected_.front();
    expected_.pop();
    if (answered.transaction != nullptr) --answered.transaction->course.awaited;
    if (reset_refused_) return;  // 421 once more: to what, in which envelope?
    if (leaves) dismissed_ = answered.transaction;
    (this->*answered.handler)(reply, answered.transaction);
    if (leaving_ && !in_doubt()) in_step_ = false;
    if (!in_step_ && state_ == State::ready) {
        break_off();
        expected_.clear();
        written();
    } else if (leaves && state_ == State::ready) {
        say_no_more();
    }
    if (expected_.empty()) return;
    const Expected& next = expected_.front();
    stage_ = next.stage;
    if (next.transaction != nullptr) next.transaction->stage = next.stage;
}

/// Whether a server that does not close after 421 might still take a message.
bool Session::in_doubt() const noexcept {
    return std::any_of(flying_.begin(), flying_.end(), [](const Transaction* transaction) {
        return transaction->end_of_data_begun && !transaction->decided();
    });
}

/// What has not left does not leave any more; nothing can become of what is not handed over.
void Session::say_no_more() noexcept {
    expected_.keep(expected_.size() - unsent_);
    group_.clear();
    unsent_ = 0;
    open_ = nullptr;
    const auto waits = [](const Transaction* transaction) { return !transaction->end_of_data_begun; };
    for (Expected& expected : expected_) {
        if (expected.transaction != nullptr && waits(expected.transaction)) expected.transaction = nullptr;
    }
    std::erase_if(flying_, waits);
}

/// Nothing more is said to this server in this dialogue, nor heard about what is in flight.
void Session::break_off() noexcept {
    for (Transaction* const transaction : flying_) {
        const bool decided = transaction->decided();
        if (!decided) transaction->shut_out = server_left_;
        if (decided || (server_left_ && transaction == dismissed_)) transaction->done = true;
    }
    flying_.clear();
    open_ = nullptr;
    for (Expected& expected : expected_) expected.transaction = nullptr;
    if (state_ == State::ready) state_ = State::over;
}

void Session::refuse(Stage stage, const Reply& reply) {
    Facts facts;
    facts.stage = stage;
    facts.reply = reply;
    enter(State::over, stage);
    throw Failure(std::move(facts));
}

void Session::unexpected(Stage stage, const Reply& reply) {
    Facts facts;
    facts.stage = stage;
    facts.reply = reply;
    facts.condition = "protocol.garbage";
    facts.sentence = "the server's reply does not fit the command";
    in_step_ = false;
    enter(State::over, stage);
    throw Failure(std::move(facts));
}

/// A refusal while the body is being sent is an answer all the same: a server may stop a message that grows
/// too large.
bool Session::spoke_out_of_turn(const Reply& reply) {
    const bool in_body = open_ != nullptr && open_->course.flow != Flow::chunked && open_->course.body_due;
    if (!in_body || !(reply.transient_negative() || reply.permanent_negative())) return false;
    refused(*open_, reply, Stage::data);
    in_step_ = false;
    settle(*open_);
    break_off();
    return true;
}

}  // namespace mailsend::smtp
