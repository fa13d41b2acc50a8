/// SASL client mechanisms (RFC 4422) as SMTP uses them (RFC 4954).
///
/// A mechanism is pure: it answers challenges and knows no sockets. Authentication has succeeded only when
/// the server says 235, never because a mechanism has nothing more to say.
#pragma once

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

/// One authentication exchange; one use.
class Mechanism {
  public:
    virtual ~Mechanism() = default;
    virtual std::string_view name() const noexcept = 0;
    /// The initial response, before base64; nothing when the mechanism waits for a challenge. Throws
    /// std::invalid_argument, with the end of a sentence, for a user name or password that it cannot express.
    virtual std::optional<wfc::SecretString> initial_response() = 0;
    /// Answers a decoded challenge; nothing when it was one too many, and the exchange must be cancelled with
    /// "*". Throws ChallengeRefused.
    virtual std::optional<wfc::SecretString> next(std::string_view challenge) = 0;
    /// Whether 235 may be believed: a mechanism that makes the server prove itself waits for the proof.
    virtual bool satisfied() const noexcept { return true; }
};

/// Who signs in.
struct Credentials {
    std::string username;
    wfc::SecretString password;
};

/// Names this version can use, best first. Under TLS the password itself is safe on the way, and PLAIN works
/// with every password store; in clear CRAM-MD5 comes before it.
const std::vector<std::string_view>& supported(bool encrypted);

/// The best mechanism the server offers (names in upper case) or, when `wanted` is not empty, that one.
/// Nothing when there is none in common. Throws as Mechanism::initial_response.
std::unique_ptr<Mechanism> choose(const std::vector<std::string>& offered, std::string_view wanted,
                                  const Credentials& credentials, bool encrypted);

}  // namespace mailsend::sasl
