#include "smtp/authentication.hpp"

#include <algorithm>
#include <utility>

#include "crypto/base64.hpp"
#include "outcome/challenge.hpp"
#include "outcome/document.hpp"

namespace mailsend::smtp {
namespace {

/// RFC 5321 section 4.5.3.1.4: a command line with its CR LF.
constexpr std::size_t max_command_line = 512;
constexpr std::size_t code_and_separator = 4;
/// As much as an explanation looks at.
constexpr std::size_t max_challenge_detail = 1024;

[[noreturn]] void fail(const Reply& reply, std::string condition, std::string sentence) {
    Facts facts;
    facts.stage = Stage::auth;
    facts.reply = reply;
    facts.condition = std::move(condition);
    facts.sentence = std::move(sentence);
    throw Failure(std::move(facts));
}

std::string_view behind_code(std::string_view line) {
    return line.substr(std::min(line.size(), code_and_separator));
}

/// Decoded; as it stands where it is no base64.
std::string challenge_in(std::string_view line) {
    return crypto::base64_decode(behind_code(line)).value_or(std::string(behind_code(line)));
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
            std::optional<wfc::SecretString> response = answer_to(reply);
            if (!refused_in_ && mechanism_->refusal()) refused_in_ = reply;
            if (response) return answered_with(std::move(*response));
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

void Authentication::tell(Facts& facts, const sasl::Credentials& credentials) const {
    facts.details.emplace("mechanism", mechanism());
    if (!refused_in_ || credentials.proof != sasl::Proof::access_token) return;
    facts.challenge = shown(challenge_in(refused_in_->lines.front()), credentials).text;
    if (!facts.challenge.empty())
        facts.details["challenge"] = printable(facts.challenge, max_challenge_detail);
    if (std::string status = challenge_status(facts.challenge); !status.empty())
        facts.details["challenge_status"] = std::move(status);
    if (facts.reply) return;
    facts.reply = *refused_in_;
    hide_credentials(*facts.reply, credentials);
}

void Authentication::hide(std::span<std::string> texts, const sasl::Credentials& credentials,
                          std::size_t kept) const {
    const Redaction& hidden = redaction(credentials);
    for (std::string& text : texts) {
        if (hidden.finds_in(text, kept)) text = hidden.applied(text, kept);
    }
}

/// Made once for all replies to come, and anew when more was sent: a long token takes milliseconds to sort.
const Redaction& Authentication::redaction(const sasl::Credentials& credentials) const {
    if (redaction_ && redacted_of_ == sent_.size()) return *redaction_;
    std::vector<std::string_view> secrets = {credentials.password.reveal()};
    for (const wfc::SecretString& answer : sent_) secrets.push_back(answer.reveal());
    if (inside_.empty()) inside_ = crypto::base64_alignments(secrets.front());
    for (const wfc::SecretString& encoded : inside_) secrets.push_back(encoded.reveal());
    redaction_ = std::make_unique<Redaction>(secrets);
    redacted_of_ = sent_.size();
    return *redaction_;
}

Authentication::Shown Authentication::shown(std::string_view challenge,
                                            const sasl::Credentials& credentials) const {
    Shown out;
    out.text = kept_challenge(challenge, [&](std::span<std::string> texts) {
        const std::vector<std::string> said(texts.begin(), texts.end());
        hide(texts, credentials, 0);
        out.repeats_secret = out.repeats_secret || !std::equal(said.begin(), said.end(), texts.begin());
    });
    return out;
}

void Authentication::hide_credentials(Reply& reply, const sasl::Credentials& credentials) const {
    if (reply.code == 334 && credentials.proof == sasl::Proof::access_token) {
        // Encoded once more, and perhaps behind escapes, a token cannot be blotted out in its place.
        for (std::string& line : reply.lines) {
            if (shown(challenge_in(line), credentials).repeats_secret)
                line = line.substr(0, code_and_separator) + "****";
        }
    }
    hide(reply.lines, credentials, code_and_separator);
}

void Authentication::hide_credentials(std::string& sentence, const sasl::Credentials& credentials) const {
    hide({&sentence, 1}, credentials, 0);
}

std::optional<wfc::SecretString> Authentication::answer_to(const Reply& challenge) {
    if (held_back_) return std::exchange(held_back_, std::nullopt);
    const std::string decoded = crypto::base64_decode(behind_code(challenge.lines.front())).value_or("");
    const std::optional<wfc::SecretString> response = mechanism_->next(decoded);
    if (!response) return std::nullopt;
    return crypto::base64_encode_secret(response->reveal());
}

}  // namespace mailsend::smtp
