/// PLAIN (RFC 4616).
#pragma once

#include "sasl/mechanism.hpp"

namespace mailsend::sasl {

/// One message: an empty authorization identity, the user name, the password. Throws std::invalid_argument
/// for a NUL in either.
std::unique_ptr<Mechanism> plain(const Credentials& credentials);

}  // namespace mailsend::sasl
