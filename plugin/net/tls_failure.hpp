/// OpenSSL's and the system's error codes -> failures that diagnosis knows. Texts of either are never
/// matched, codes are.
#pragma once

#include <string>

#include "net/verification.hpp"
#include "net/wire.hpp"
#include "outcome/failure.hpp"

namespace mailsend::net {

/// How an operation on an established connection ended; `error` is an errno. Stage::connect, which the caller
/// replaces.
Failure connection_broken(int error);

/// Why a handshake failed: reads and empties this thread's OpenSSL error queue.
Failure handshake_failure(const Verification& verification, const Wire& wire, const std::string& host);

/// Why reading or writing under TLS failed after the handshake (TLS 1.3 tells only then what it thinks of a
/// client certificate); reads and empties this thread's OpenSSL error
/// queue.
Failure record_failure(const Verification& verification, const Wire& wire, const std::string& host);

/// True when the newest entry of this thread's queue says that the peer closed TCP without close_notify.
bool closed_without_notice();

}  // namespace mailsend::net
