/// CRAM-MD5 (RFC 2195).
#pragma once

#include "sasl/mechanism.hpp"

namespace mailsend::sasl {

/// One challenge, answered with the user name and a keyed hash of the challenge; the password stays here.
/// Does not make the server prove anything. Throws std::invalid_argument where the crypto library's policy
/// forbids MD5.
std::unique_ptr<Mechanism> cram_md5(const Credentials& credentials);

}  // namespace mailsend::sasl
