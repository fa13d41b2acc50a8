/// Base64 with the URL and filename safe alphabet, without padding (RFC 4648 section 5, RFC 7515 section 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailsend::crypto {

std::string base64url_encode(std::string_view bytes);

/// Nothing when it is not base64url. Padding is refused.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace mailsend::crypto
