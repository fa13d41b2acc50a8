/// Failures of the way to an authorization server, told as such: their own texts are about mail servers.
///
/// Guarantees: pure; what happened stays as it was, as the cause.
#pragma once

#include "outcome/failure.hpp"

namespace mailsend {

/// `facts` of a name, a connection, a proxy or TLS at Stage::token become token.unreachable, or
/// token.untrusted where the server could not be trusted, with `facts` as cause and its condition as the
/// detail "reason"; all others are given back.
Facts told_of_token_server(Facts facts);

}  // namespace mailsend
