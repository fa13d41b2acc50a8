#include "smtp/session.hpp"

#include <algorithm>
#include <utility>

namespace mailsend::smtp {
namespace {

constexpr std::size_t longest_sign = 256;

/// Behind the code.
std::string first_word(const Reply& reply) {
    const std::string_view line = reply.lines.front();
    const std::string_view text = line.substr(std::min<std::size_t>(line.size(), 4));
    return std::string(text.substr(0, std::min(text.find(' '), longest_sign)));
}

}  // namespace

Session::Session(SessionOptions options) : options_(std::move(options)) {
    if (options_.protection == Protection::implicit_tls) {
        enter(State::handshake, Stage::tls);
    } else {
        expected_.push({Stage::greeting, &Session::on_greeting, nullptr});
    }
}

// ---- the driver's side

Session::Want Session::want() const noexcept {
    if (!output().empty()) return Want::write;
    if (!expected_.empty()) return Want::read;
    if (state_ == State::handshake) return Want::tls;
    return Want::nothing;
}

void Session::written() noexcept {
    output_.clear();
    group_.clear();
    unsent_ = 0;
}

std::optional<Facts> Session::hopeless() const {
    if (!authentication_ || stage_ != Stage::auth || state_ == State::over) return std::nullopt;
    const std::optional<sasl::ChallengeRefused> reason = authentication_->hopeless();
    if (!reason) return std::nullopt;
    Facts facts = Failure(Stage::auth, reason->condition(), reason->what()).facts();
    authentication_->tell(facts, *options_.credentials);
    return facts;
}

void Session::tls_established() {
    encrypted_ = true;
    if (options_.protection == Protection::implicit_tls) {
        enter(State::talking, Stage::greeting);
        expected_.push({Stage::greeting, &Session::on_greeting, nullptr});
    } else {
        capabilities_ = {};  // RFC 3207 section 4.2: what was said in clear is forgotten
        say_ehlo();
    }
}

void Session::enter(State state, Stage stage) noexcept {
    state_ = state;
    stage_ = stage;
}

void Session::send(const Command& command, Stage stage, Handler handler) {
    if (options_.sent) options_.sent(stage, command.masked());
    output_.append(command.wire());
    expected_.push({stage, handler, nullptr});
    ++unsent_;
    enter(State::talking, stage);
}

// ---- greeting to AUTH

void Session::on_greeting(const Reply& reply, Transaction*) {
    if (reply.code == 220) {
        signs_.greeting = reply.text().substr(0, longest_sign);
        return say_ehlo();
    }
    if (reply.transient_negative() || reply.permanent_negative()) refuse(Stage::greeting, reply);
    unexpected(Stage::greeting, reply);
}

void Session::say_ehlo() {
    send(ehlo(options_.ehlo_name), Stage::ehlo, &Session::on_ehlo);
}

void Session::on_ehlo(const Reply& reply, Transaction*) {
    if (reply.positive_completion()) {
        signs_.server_name = first_word(reply);
        capabilities_ = Capabilities::from(reply);
        return protect_or_sign_in();
    }
    // RFC 5321 section 3.2: a server that does not know EHLO still speaks HELO, but offers nothing.
    const bool unknown_command = reply.code == 500 || reply.code == 502 || reply.code == 504;
    const bool needs_nothing = options_.credentials == nullptr && options_.protection != Protection::starttls;
    if (unknown_command && needs_nothing)
        return send(helo(options_.ehlo_name), Stage::ehlo, &Session::on_helo);
    if (reply.positive_intermediate()) unexpected(Stage::ehlo, reply);
    refuse(Stage::ehlo, reply);
}

void Session::on_helo(const Reply& reply, Transaction*) {
    if (!reply.positive_completion()) refuse(Stage::ehlo, reply);
    signs_.server_name = first_word(reply);
    enter(State::ready, Stage::mail);
}

void Session::protect_or_sign_in() {
    if (options_.protection != Protection::starttls || encrypted_) return sign_in();
    if (!capabilities_.starttls) {
        enter(State::over, Stage::starttls);
        throw Failure(Stage::starttls, "starttls.missing", "the server does not offer STARTTLS");
    }
    send(starttls(), Stage::starttls, &Session::on_starttls);
}

void Session::on_starttls(const Reply& reply, Transaction*) {
    if (reply.transient_negative() || reply.permanent_negative()) refuse(Stage::starttls, reply);
    if (reply.code != 220) unexpected(Stage::starttls, reply);
    if (!reader_.empty()) {
        in_step_ = false;
        throw Failure(Stage::starttls, "starttls.injection",
                      "bytes in clear arrived behind the server's reply to STARTTLS");
    }
    enter(State::handshake, Stage::tls);
}

void Session::sign_in() {
    if (options_.credentials == nullptr) return enter(State::ready, Stage::mail);
    const bool token = options_.credentials->proof == sasl::Proof::access_token;
    if (!encrypted_ && !options_.allow_cleartext_auth) {
        refuse_to_sign_in("auth.cleartext_forbidden", token ? "an access token is not sent without TLS"
                                                            : "a password is not sent without TLS");
    }
    if (capabilities_.auth_mechanisms.empty())
        refuse_to_sign_in("auth.not_offered", "the server offers no AUTH");
    authentication_.emplace(mechanism_to_use());
    send(authentication_->start(), Stage::auth, &Session::on_auth);
}

std::unique_ptr<sasl::Mechanism> Session::mechanism_to_use() {
    try {
        if (auto mechanism = sasl::choose(capabilities_.auth_mechanisms, options_.mechanism,
                                          *options_.credentials, encrypted_))
            return mechanism;
    } catch (const std::invalid_argument& unusable) {
        refuse_to_sign_in("auth.unpreparable", unusable.what());
    }
    std::string offered;
    for (const std::string& name : capabilities_.auth_mechanisms)
        offered += (offered.empty() ? "" : " ") + name;
    enter(State::over, Stage::auth);
    const bool token = options_.credentials->proof == sasl::Proof::access_token;
    std::string sentence = token ? "the server offers no AUTH mechanism that takes an access token, only "
                                 : "the server offers no AUTH mechanism that can be used here, only ";
    if (!options_.mechanism.empty())
        sentence = "the settings ask for " + options_.mechanism + "; the server offers ";
    throw Failure(Stage::auth, "auth.no_mechanism", sentence + offered).with("names", offered);
}

void Session::refuse_to_sign_in(const char* condition, std::string sentence) {
    enter(State::over, Stage::auth);
    throw Failure(Stage::auth, condition, std::move(sentence));
}

void Session::on_auth(const Reply& reply, Transaction*) {
    std::optional<Command> next;
    try {
        next = authentication_->proceed(reply);
    } catch (Failure& failure) {
        Facts& facts = failure.facts();
        if (facts.reply) authentication_->hide_credentials(*facts.reply, *options_.credentials);
        authentication_->tell(facts, *options_.credentials);
        if (facts.condition == "protocol.garbage") in_step_ = false;
        enter(State::over, Stage::auth);
        throw;
    }
    if (next) return send(*next, Stage::auth, &Session::on_auth);
    mechanism_ = authentication_->mechanism();
    signed_in_ = true;  // what was sent is kept, so that a server that repeats it later is not quoted
    enter(State::ready, Stage::mail);
}

}  // namespace mailsend::smtp
