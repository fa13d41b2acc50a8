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
      renew_(std::move(route.renew)),
      sign_in_(route),
      begun_ms_(patience.now_ms()) {
    route_.entered = [this](Stage next) { entered(next); };
    route_.renew = nullptr;  // what was moved from may hold anything
    if (renew_) route_.renew = [this](const net::Patience& left) { return renewed(left); };
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
        if (current_ == Stage::auth && !login_ms_) login_ms_ = since_ms();
        if (transaction_) settle_mail(false);
        settle_rcpt();
        return;
    }
    if (next == Stage::rcpt) settle_mail(true);
    if (next == Stage::token) {
        if (!login_ms_) login_ms_ = since_ms();
        renewing_ = true;
    } else if (renewing_ && !again_) {
        again_ = true;
        login_ms_.reset();
    } else {
        finish(current_);
    }
    current_ = next;
    begun_ms_ = patience_.now_ms();
    if (!again_ || next == Stage::auth) report_.begin(next);
}

/// Another token, and a row that says what became of it; but where time ran out failed() has the row.
std::optional<sasl::Credentials> ConnectionCheck::renewed(const net::Patience& patience) {
    try {
        std::optional<sasl::Credentials> other = renew_(patience);
        report_.add(row(Stage::token, RowVerdict::warning,
                        words(other ? "report.token_renewed" : "report.no_other_token")));
        return other;
    } catch (const Failure& unavailable) {
        Row out = row(Stage::token, RowVerdict::failed, "");
        out.error = explained(unavailable.facts(), reader_);
        out.text = words_of(*out.error);
        report_.add(std::move(out));
        throw;
    }
}

/// Adds the row of a stage that went well.
void ConnectionCheck::finish(Stage stage) {
    if (again_ && stage != Stage::auth) return;  // the first connection has told it
    const delivery::Connection& connection = sign_in_.connection();
    switch (stage) {
        case Stage::resolve:
            return report_.add(resolved());
        case Stage::greeting:
            return report_.add(row(stage, RowVerdict::ok, connection.signs().greeting));
        case Stage::ehlo:
            return report_.add(row(stage, RowVerdict::ok, capabilities_text(connection.capabilities())));
        case Stage::starttls:
            return report_.await(row(stage, RowVerdict::ok, words("report.starttls")));
        case Stage::tls:
            if (const auto tls = connection.tls()) {
                const TlsWords said = tls_words(*tls, route_.clock.unix_ms() / 1000, reader_.language);
                report_.await(row(stage, said.warning ? RowVerdict::warning : RowVerdict::ok, said.text));
            }
            return;
        case Stage::auth:
            return report_.add(row(stage, RowVerdict::ok, connection.server().auth));
        default:  // each address, the sender and the recipient have rows of their own
            return;
    }
}

Row ConnectionCheck::resolved() {
    const std::vector<std::string>& addresses = sign_in_.connection().addresses();
    const std::string host = (route_.proxy ? *route_.proxy : route_.endpoint).host;
    if (!net::leads_back(host, addresses)) {
        return row(Stage::resolve, RowVerdict::ok, list_text(addresses));
    }
    return row(Stage::resolve, RowVerdict::warning,
               words("report.all_local", {{"names", list_text(addresses)}}));
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
    const Reply& reply = *transaction_->recipient_replies.front();
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
    const std::uint64_t spent_ms = facts.stage == Stage::auth && login_ms_ ? *login_ms_ : since_ms();
    const std::shared_ptr<const Facts> login = facts.stage == Stage::token ? facts.cause : nullptr;
    const auto tell = [&](const std::string& tls_clue) {
        Row last = refused(std::move(facts));
        last.timing_ms = spent_ms;
        last.text += clue + tls_clue;
        report_.add(std::move(last));
    };
    std::string tls_clue;
    try {
        if (facts.stage == Stage::greeting && may_wait_for_tls(facts)) tls_clue = try_tls(facts);
    } catch (const Cancelled&) {  // of the probe: what it was about is known
        tell("");
        throw;
    }
    tell(tls_clue);
    if (login) {  // another token did not come in time; the server had refused the one there was
        Row refusal = refused(*login);
        refusal.timing_ms = login_ms_.value_or(0);
        report_.add(std::move(refusal));
    }
    if (unproven) look_unproven();
}

Row ConnectionCheck::row(Stage stage, RowVerdict verdict, std::string text) const {
    return {.stage = stage, .verdict = verdict, .timing_ms = since_ms(), .text = std::move(text)};
}

/// The first refusal is what a message would have failed with.
Row ConnectionCheck::refused(Facts facts) {
    Row out = row(facts.stage, RowVerdict::failed, "");
    out.error = explained(std::move(facts), reader_);
    out.text = words_of(*out.error);
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
