#include "smtp/authentication.hpp"

#include <utility>

#include "crypto/base64.hpp"
#include "outcome/failure.hpp"

namespace mailsend::smtp {
namespace {

/// RFC 5321 section 4.5.3.1.4: a command line with its CR LF.
constexpr std::size_t max_command_line = 512;

[[noreturn]] void fail(const Reply& reply, std::string condition, std::string sentence) {
    Facts facts;
    facts.stage = Stage::auth;
    facts.reply = reply;
    facts.condition = std::move(condition);
    facts.sentence = std::move(sentence);
    throw Failure(std::move(facts));
}

}  // namespace

Command Authentication::start() {
    std::optional<wfc::SecretString> response = mechanism_->initial_response();
    if (!response) return auth(mechanism_->name());
    wfc::SecretString encoded =
        response->empty() ? wfc::SecretString("=") : crypto::base64_encode_secret(response->reveal());
    const std::size_t line =
        std::string_view("AUTH ").size() + mechanism_->name().size() + 1 + encoded.size() + 2;
    if (line <= max_command_line) {
        Command command = auth(mechanism_->name(), encoded);
        sent_.push_back(std::move(encoded));
        return command;
    }
    held_back_ = std::move(encoded);
    return auth(mechanism_->name());
}

std::optional<Command> Authentication::proceed(const Reply& reply) {
    if (given_up_) fail(reply, given_up_->condition(), given_up_->what());
    if (reply.code == 235) {
        if (mechanism_->satisfied()) return std::nullopt;
        throw Failure(Stage::auth, "auth.server_unproven",
                      "the server let us in without proving that it knows the password");
    }
    if (reply.code == 334) {
        try {
            if (std::optional<wfc::SecretString> response = answer_to(reply))
                return answered_with(std::move(*response));
            given_up_ = mechanism_->refusal();
            if (!given_up_) {
                given_up_.emplace("auth.challenge", "the server asked for more than " +
                                                        std::string(mechanism()) + " has to say");
            }
        } catch (const sasl::ChallengeRefused& refused) {
            given_up_ = refused;
        }
        return auth_cancel();
    }
    if (reply.transient_negative() || reply.permanent_negative()) fail(reply, {}, {});
    fail(reply, "protocol.garbage", "the server answered AUTH with neither 235, 334 nor a refusal");
}

Command Authentication::answered_with(wfc::SecretString encoded) {
    Command command = auth_answer(encoded);
    sent_.push_back(std::move(encoded));
    return command;
}

std::optional<sasl::ChallengeRefused> Authentication::hopeless() const {
    return given_up_ ? given_up_ : mechanism_->refusal();
}

Redaction Authentication::redaction(const sasl::Credentials& credentials) const {
    std::vector<std::string_view> secrets = {credentials.password.reveal()};
    for (const wfc::SecretString& answer : sent_) secrets.push_back(answer.reveal());
    return Redaction(secrets);
}

void Authentication::hide_credentials(Reply& reply, const sasl::Credentials& credentials) const {
    constexpr std::size_t code_and_separator = 4;
    const Redaction hidden = redaction(credentials);
    for (std::string& line : reply.lines) line = hidden.applied(line, code_and_separator);
}

void Authentication::hide_credentials(std::string& sentence, const sasl::Credentials& credentials) const {
    sentence = redaction(credentials).applied(sentence);
}

std::optional<wfc::SecretString> Authentication::answer_to(const Reply& challenge) {
    if (held_back_) return std::exchange(held_back_, std::nullopt);
    const std::string& line = challenge.lines.front();
    const std::string decoded = crypto::base64_decode(line.size() > 4 ? line.substr(4) : "").value_or("");
    const std::optional<wfc::SecretString> response = mechanism_->next(decoded);
    if (!response) return std::nullopt;
    return crypto::base64_encode_secret(response->reveal());
}

}  // namespace mailsend::smtp
