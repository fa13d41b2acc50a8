/// How long tokens are good, and the words for it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "oauth/token_record.hpp"

namespace mailsend::oauth {

/// Whether the access token lasts: five minutes more, a short-lived one a fifth of its life. A token whose
/// end nobody knows does; one from the future does not, since a clock that was set back by more than five
/// minutes says nothing about its age.
bool lasts(const TokenRecord& record, std::int64_t now_unix_s) noexcept;

/// Whether the access token has not ended yet.
bool usable(const TokenRecord& record, std::int64_t now_unix_s) noexcept;

/// "2026-11-22T09:00:00Z"
std::string utc(std::int64_t unix_s);

/// Lower-case hexadecimal SHA-256.
std::string fingerprint(const wfc::SecretString& token);

}  // namespace mailsend::oauth
