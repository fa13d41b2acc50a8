/// Who a token belongs to, as an address that people know.
///
/// Guarantees: pure; the same order of claims for everybody, and addresses only: a nickname is no name.
/// Claims are not verified: they came from the authorization server itself, and are used for words alone.
#pragma once

#include <string>
#include <string_view>

#include "oauth/token_endpoint.hpp"

namespace mailsend::oauth {

/// The address in claims (a JSON object) of an id_token or of an access token that is a JWT: of
/// preferred_username, upn, email and unique_name the first that has an @ (and at most 320 octets). Empty
/// where there is none.
std::string account_named_in(std::string_view claims);

/// As the id_token says it, else as the access token does.
std::string account_named_in(const TokenAnswer& answer);

}  // namespace mailsend::oauth
