/// What is kept of a sign-in: the tokens and their times, as one secret of the host.
///
/// Guarantees: a value that cannot be read is told from one that is missing; unknown members survive nothing.
/// Writing leaves no copy of a token behind. What it cannot do: wipe the buffer in which the JSON parser
/// gathers a string while a record is read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "wfc/secret.hpp"

namespace mailsend::oauth {

/// Times are seconds since 1970; 0 where nobody knows.
struct TokenRecord {
    wfc::SecretString refresh_token;
    wfc::SecretString access_token;
    std::int64_t access_expires_at = 0;
    std::int64_t refresh_expires_at = 0;
    /// When the server named that end for the first time: the life of the refresh token counts from here.
    std::int64_t refresh_told_at = 0;
    std::int64_t issued_at = 0;     ///< of the consent; nobody knows it of a supplied token
    std::int64_t refreshed_at = 0;  ///< when the token endpoint last answered
    std::vector<std::string> scopes;
    std::string signed_in_as;  ///< address of who consented, where the server said so; or empty
    /// What the grant rests on, by the name of the settings' member: what has changed since can be named.
    /// Values of secrets stand in it as SHA-256.
    std::map<std::string, std::string> basis;
    /// SHA-256 of the supplied refresh or access token that this came from; empty for a sign-in. Another
    /// supplied one makes the record worthless.
    std::string supplied;

    TokenRecord copy() const;
};

/// JSON, one line.
wfc::SecretString written(const TokenRecord& record);

/// Throws std::invalid_argument with the end of a sentence when it is no record ("is not what MailSend
/// wrote"). A bare token is none.
TokenRecord read_record(const wfc::SecretString& value);

}  // namespace mailsend::oauth
