/// SCRAM-SHA-1 and SCRAM-SHA-256 (RFC 5802, RFC 7677), through libgsasl.
///
/// Guarantees: the server proves that it knows the password, or 235 is not believed; it cannot make this
/// machine work without end (iterations ≤ 100 000), nor, in clear, make the answer cheap to guess from
/// (iterations ≥ 4096, RFC 7677 section 4). No channel binding. libgsasl keeps copies of the password
/// that it does not wipe when it frees them.
#pragma once

#include <cstdint>

#include "sasl/mechanism.hpp"

namespace mailsend::sasl {

enum class ScramHash { sha1, sha256 };

/// The most iterations a server may ask for: about 0.1 s of work.
inline constexpr std::uint32_t max_scram_iterations = 100'000;

/// The fewest where the connection is not encrypted.
inline constexpr std::uint32_t min_scram_iterations_in_clear = 4096;

/// Throws std::invalid_argument for a user name or password that SASLprep (RFC 4013: UTF-8, Unicode 3.2, no
/// control characters) cannot express, and where libgsasl lacks the mechanism.
std::unique_ptr<Mechanism> scram(ScramHash hash, const Credentials& credentials, bool encrypted);

}  // namespace mailsend::sasl
