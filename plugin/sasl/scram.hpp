/// SCRAM-SHA-1 and SCRAM-SHA-256 (RFC 5802, RFC 7677), through libgsasl.
///
/// Guarantees: the server proves that it knows the password, or 235 is not believed; it cannot make this
/// machine work without end (iterations ≤ 100 000). No channel binding. libgsasl keeps copies of the password
/// that it does not wipe when it frees them.
#pragma once

#include <cstdint>

#include "sasl/mechanism.hpp"

namespace mailsend::sasl {

enum class ScramHash { sha1, sha256 };

/// The most iterations a server may ask for: about 0.1 s of work.
inline constexpr std::uint32_t max_scram_iterations = 100'000;

/// Throws std::invalid_argument for a NUL in user name or password.
std::unique_ptr<Mechanism> scram(ScramHash hash, const Credentials& credentials);

}  // namespace mailsend::sasl
