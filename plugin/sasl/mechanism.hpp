/// SASL client mechanisms (RFC 4422) as SMTP uses them (RFC 4954).
///
/// A mechanism is pure: it answers challenges and knows no sockets. Authentication has succeeded only when
/// the server says 235, never because a mechanism has nothing more to say.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/secret.hpp"

namespace mailsend::sasl {

/// A challenge that no honest server sends: the exchange must be cancelled with "*". `condition()` is an id
/// of errors.json, `what()` the end of a sentence.
class ChallengeRefused : public std::runtime_error {
  public:
    ChallengeRefused(std::string condition, const std::string& sentence)
        : std::runtime_error(sentence), condition_(std::move(condition)) {}
    const std::string& condition() const noexcept { return condition_; }

  private:
    std::string condition_;
};

/// One authentication exchange; one use. What makes one throws std::invalid_argument, with the end of a
/// sentence, where it cannot express user name or password, or this machine's libraries lack it.
class Mechanism {
  public:
    virtual ~Mechanism() = default;
    virtual std::string_view name() const noexcept = 0;
    /// The initial response, before base64; nothing when the mechanism waits for a challenge.
    virtual std::optional<wfc::SecretString> initial_response() = 0;
    /// Answers a decoded challenge; called after initial_response(). Nothing when it was one too many, and
    /// the exchange must be cancelled with "*". Throws ChallengeRefused.
    virtual std::optional<wfc::SecretString> next(std::string_view challenge) = 0;
    /// Whether 235 may be believed: a mechanism that makes the server prove itself waits for the proof.
    virtual bool satisfied() const noexcept { return true; }
    /// The server's refusal, where it came as a challenge. The exchange goes on to the server's own reply,
    /// which says more; this stands in where none comes.
    virtual std::optional<ChallengeRefused> refusal() const { return std::nullopt; }
};

/// What `Credentials::password` is.
enum class Proof {
    password,
    access_token,  ///< of OAuth 2.0 (RFC 6750)
};

/// Who signs in.
struct Credentials {
    std::string username;  ///< with an access token: the mailbox it is used for
    wfc::SecretString password;
    Proof proof = Proof::password;
    std::string host{};      ///< the server, for mechanisms that say whom they talk to; or empty
    std::uint16_t port = 0;  ///< its port
};

/// Names this version can use with such a proof, best first. Under TLS the password itself is safe on the
/// way, and PLAIN works with every password store; in clear what shows the password comes last. An access
/// token goes by the mechanisms made for tokens and by no other, and a password never by those.
const std::vector<std::string_view>& supported(bool encrypted, Proof proof);

/// The best mechanism that the server offers (names in upper case), that can express the credentials and that
/// this machine's libraries have; or, when `wanted` is not empty, that one. Nothing when there is none in
/// common. Throws std::invalid_argument, with the end of a sentence, when those in common cannot be used, or
/// user name, password or token is empty.
std::unique_ptr<Mechanism> choose(const std::vector<std::string>& offered, std::string_view wanted,
                                  const Credentials& credentials, bool encrypted);

}  // namespace mailsend::sasl
