/// JSON Web Tokens (RFC 7519) as this project needs them: signed with an RSA key, and read without a check.
///
/// Guarantees: keys are read where they lie and never quoted in a failure; OpenSSL's error queue is empty
/// after every call. OpenSSL's own working buffers are not ours to wipe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wfc/secret.hpp"

namespace mailsend::crypto {

enum class JwtAlgorithm {
    rs256,  ///< RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3)
    ps256,  ///< RSASSA-PSS with SHA-256, salt of 32 octets (section 3.5)
};

/// A compact JWS (RFC 7515 section 3.1) over the two JSON texts as they are; `header` must name the same
/// algorithm. `private_key`: PEM blocks in any order, one of them an unencrypted RSA key of 2048 bits or
/// more. Throws std::invalid_argument with the end of a sentence ("holds no private key in PEM form").
wfc::SecretString sign_jwt(JwtAlgorithm algorithm, std::string_view header, std::string_view claims,
                           std::string_view private_key);

/// The claims of a compact JWS or JWT as JSON text, not verified: what a token says, not whether that is
/// true. Nothing when it is none (an opaque token). Bounded: tokens beyond 64 KiB are none.
std::optional<std::string> jwt_claims(std::string_view token);

/// The certificate with which a client proves itself (RFC 8705 is another thing; this is RFC 7523 with
/// x5t#S256, RFC 7515 section 4.1.8).
struct AssertionCertificate {
    std::string x5t_s256;             ///< base64url of the SHA-256 of the certificate (DER)
    std::int64_t not_after_unix = 0;  ///< seconds
};

/// `pem` holds the certificate and its key; the certificate that belongs to the key is taken. Throws
/// std::invalid_argument as sign_jwt.
AssertionCertificate read_assertion_certificate(std::string_view pem);

}  // namespace mailsend::crypto
