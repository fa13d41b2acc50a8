#include "operations/connection_check.hpp"

#include "delivery/trouble.hpp"
#include "operations/connection_words.hpp"
#include "outcome/document.hpp"
#include "outcome/masking.hpp"

namespace mailsend {
namespace {

constexpr std::size_t longest_words = 512;

bool is_one_of(const Facts& facts, std::initializer_list<const char*> conditions) {
    for (const char* condition : conditions) {
        if (facts.condition == condition) return true;
    }
    return false;
}

/// A server that waits for TLS may look like this to a client that waits for a greeting.
bool may_wait_for_tls(const Facts& facts) {
    return is_one_of(facts,
                     {"greet.timeout", "greet.timeout_465", "greet.eof", "greet.reset", "greet.tls_alert"});
}

}  // namespace

ConnectionCheck::ConnectionCheck(delivery::Route& route, StageReport& report, const net::Patience& patience,
                                 const Reader& reader)
    : route_(route),
      report_(report),
      patience_(patience),
      reader_(reader),
      sign_in_(route),
      begun_ms_(patience.now_ms()) {
    route_.entered = [this](Stage next) { entered(next); };
    route_.dial = [this](const net::Endpoint& endpoint, const std::vector<std::string>& addresses,
                         const net::Patience& connecting) {
        return again_ ? net::connect(endpoint, addresses, route_.egress, connecting)
                      : connect_each(endpoint, addresses, connecting);
    };
}

bool ConnectionCheck::open() {
    report_.begin(current_);
    try {
        sign_in_.open(patience_);
        return true;
    } catch (const Failure& failure) {
        failed(failure.facts());
        return false;
    }
}

void ConnectionCheck::ask(const AddrSpec& from, const AddrSpec& to) {
    smtp::Transaction& transaction = transaction_.emplace();
    transaction.reverse_path = from.wire();
    transaction.forward_paths = {to.wire()};
    transaction.needs_smtputf8 = from.needs_smtputf8() || to.needs_smtputf8();
    current_ = Stage::mail;
    begun_ms_ = patience_.now_ms();
    try {
        sign_in_.connection().ask(transaction, patience_);
    } catch (const Failure& failure) {
        settle_mail(false);
        settle_rcpt();
        if (!transaction.done) failed(failure.facts());  // what was answered counts, whatever became of RSET
        return;
    }
    settle_mail(false);
    settle_rcpt();
}

void ConnectionCheck::leave() {
    sign_in_.connection().quit(patience_);
}

/// Delivery begins with `next`: what came before it went well.
void ConnectionCheck::entered(Stage next) {
    if (next == Stage::quit) {  // RSET, or QUIT behind a refusal
        if (transaction_) settle_mail(false);
        settle_rcpt();
        return;
    }
    if (next == Stage::rcpt) settle_mail(true);
    if (next == Stage::token) {
        renewing_ = true;
    } else if (renewing_ && !again_) {
        again_ = true;
        report_.add(row(Stage::token, RowVerdict::warning, words("report.token_renewed")));
    } else {
        finish(current_);
    }
    current_ = next;
    begun_ms_ = patience_.now_ms();
    if (!again_ || next == Stage::auth) report_.begin(next);
}

/// Adds the row of a stage that went well.
void ConnectionCheck::finish(Stage stage) {
    if (again_ && stage != Stage::auth) return;  // the first connection has told it
    const delivery::Connection& connection = sign_in_.connection();
    switch (stage) {
        case Stage::resolve:
            return report_.add(row(stage, RowVerdict::ok, list_text(connection.addresses())));
        case Stage::greeting:
            return report_.add(row(stage, RowVerdict::ok, connection.signs().greeting));
        case Stage::ehlo:
            return report_.add(row(stage, RowVerdict::ok, capabilities_text(connection.capabilities())));
        case Stage::starttls:
            return report_.add(row(stage, RowVerdict::ok, words("report.starttls")));
        case Stage::tls:
            if (const auto tls = connection.tls()) {
                const TlsWords said = tls_words(*tls, route_.clock.unix_ms() / 1000, reader_.language);
                report_.add(row(stage, said.warning ? RowVerdict::warning : RowVerdict::ok, said.text));
            }
            return;
        case Stage::auth:
            return report_.add(row(stage, RowVerdict::ok, connection.server().auth));
        default:  // each address, the sender and the recipient have rows of their own
            return;
    }
}

void ConnectionCheck::settle_mail(bool accepted) {
    const bool refused_sender = transaction_->refusal && transaction_->refused_at == Stage::mail;
    if (mail_told_ || !(accepted || refused_sender)) return;
    mail_told_ = true;
    if (accepted) return report_.add(row(Stage::mail, RowVerdict::ok, transaction_->reverse_path));
    Facts facts;
    facts.stage = Stage::mail;
    facts.reply = transaction_->refusal;
    report_.add(refused(sign_in_.connection().told(std::move(facts))));
}

void ConnectionCheck::settle_rcpt() {
    if (!transaction_ || rcpt_told_ || transaction_->recipient_replies.empty()) return;
    rcpt_told_ = true;
    const Reply& reply = transaction_->recipient_replies.front();
    if (reply.positive_completion()) {
        const Reply shown = masked(reply, reader_.hidden);
        return report_.add(
            row(Stage::rcpt, RowVerdict::ok,
                transaction_->forward_paths.front() + ": " + printable(shown.words(), longest_words)));
    }
    Facts facts;
    facts.stage = Stage::rcpt;
    facts.reply = reply;
    report_.add(refused(sign_in_.connection().told(std::move(facts))));
}

void ConnectionCheck::failed(Facts facts) {
    if (told_) return;
    // STARTTLS that is not offered, or a login that does not fit: the reply to EHLO has said so.
    if (current_ == Stage::ehlo && (facts.stage == Stage::starttls || facts.stage == Stage::auth)) {
        finish(Stage::ehlo);
        begun_ms_ = patience_.now_ms();
    }
    const bool unproven = facts.condition.starts_with("cert.");
    const std::string clue = clues(facts, reader_.language);
    std::string tls_clue;
    if (facts.stage == Stage::greeting && may_wait_for_tls(facts)) tls_clue = try_tls(facts);
    Row last = refused(std::move(facts));
    last.text += clue + tls_clue;
    report_.add(std::move(last));
    if (unproven) look_unproven();
}

Row ConnectionCheck::row(Stage stage, RowVerdict verdict, std::string text) const {
    return {.stage = stage, .verdict = verdict, .timing_ms = since_ms(), .text = std::move(text)};
}

/// The first refusal is what a message would have failed with.
Row ConnectionCheck::refused(Facts facts) {
    Row out = row(facts.stage, RowVerdict::failed, "");
    out.error = explained(std::move(facts), reader_);
    out.text = words_of(out.error->facts);
    if (!error_) error_ = out.error;
    return out;
}

std::string ConnectionCheck::words(const char* name, const std::map<std::string, std::string>& values) const {
    return phrase(name, values, reader_.language);
}

std::uint64_t ConnectionCheck::since_ms() const {
    return patience_.now_ms() - begun_ms_;
}

}  // namespace mailsend
