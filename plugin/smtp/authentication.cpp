#include "smtp/authentication.hpp"

#include "crypto/base64.hpp"
#include "outcome/failure.hpp"

#include <utility>

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
    const std::size_t line = std::string_view("AUTH ").size() + mechanism_->name().size() + 1 + encoded.size() + 2;
    if (line <= max_command_line) return auth(mechanism_->name(), encoded);
    held_back_ = std::move(encoded);
    return auth(mechanism_->name());
}

std::optional<Command> Authentication::proceed(const Reply& reply) {
    if (reply.code == 235 && !given_up_) return std::nullopt;
    if (given_up_) {
        fail(reply, "auth.challenge", "the server asked for more than " + std::string(mechanism()) + " has to say");
    }
    if (reply.code == 334) {
        if (std::optional<wfc::SecretString> response = answer_to(reply)) return auth_answer(*response);
        given_up_ = true;
        return auth_cancel();
    }
    if (reply.transient_negative() || reply.permanent_negative()) fail(reply, {}, {});
    fail(reply, "protocol.garbage", "the server answered AUTH with neither 235, 334 nor a refusal");
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
