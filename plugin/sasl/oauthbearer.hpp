/// OAUTHBEARER (RFC 7628): the mailbox, the server that is meant, and an access token.
#pragma once

#include "sasl/mechanism.hpp"

namespace mailsend::sasl {

/// Leaves host and port out where they are not known.
std::unique_ptr<Mechanism> oauthbearer(const Credentials& credentials);

}  // namespace mailsend::sasl
