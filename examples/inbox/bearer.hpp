/// What a client says that signs in with an OAuth 2.0 access token.
///
/// Guarantees: pure; strict about what stands where; says nothing about whether the token is worth anything.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace inbox {

struct Bearer {
    std::string user;
    std::string token;
};

/// XOAUTH2: "user=" NAME ^A "auth=Bearer " TOKEN ^A ^A. Nothing when it is not that.
std::optional<Bearer> xoauth2_message(std::string_view text);

/// OAUTHBEARER (RFC 7628 section 3.1): "n,a=" NAME "," ^A, pairs that end with ^A, among them
/// "auth=Bearer " TOKEN, and ^A. "=2C" and "=3D" in the name stand for a comma and an equals sign.
std::optional<Bearer> oauthbearer_message(std::string_view text);

}  // namespace inbox
