/// SASL client mechanisms (RFC 4422) as SMTP uses them (RFC 4954).
///
/// A mechanism is pure: it answers challenges and knows no sockets. Authentication has succeeded only when
/// the server says 235, never because a mechanism has nothing more to say.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/secret.hpp"

namespace mailsend::sasl {

/// One authentication exchange; one use.
class Mechanism {
  public:
    virtual ~Mechanism() = default;
    virtual std::string_view name() const noexcept = 0;
    /// The initial response, before base64; nothing when the mechanism waits for a challenge.
    virtual std::optional<wfc::SecretString> initial_response() = 0;
    /// Answers a decoded challenge; nothing when it was one too many, and the exchange must be cancelled with
    /// "*".
    virtual std::optional<wfc::SecretString> next(std::string_view challenge) = 0;
};

/// Who signs in.
struct Credentials {
    std::string username;
    wfc::SecretString password;
};

/// Names this version can use, best first.
const std::vector<std::string_view>& supported();

/// The best mechanism the server offers (names in upper case) or, when `wanted` is not empty, that one.
/// Nothing when there is none in common.
std::unique_ptr<Mechanism> choose(const std::vector<std::string>& offered, std::string_view wanted,
                                  const Credentials& credentials);

}  // namespace mailsend::sasl
