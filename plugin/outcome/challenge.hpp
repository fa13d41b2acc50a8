/// What a server says in the challenge that refuses an access token (RFC 7628 section 3.2.2, and XOAUTH2).
///
/// Guarantees: whatever a server sends becomes a bounded value that is safe to show; never throws. Does not
/// judge what a status means.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace mailsend {

/// Blots out secrets in texts, in place.
using Hide = std::function<void(std::span<std::string> texts)>;

/// `said` on one line, printable, at most 4 KiB and without secrets. Where it is JSON, strings are looked at
/// as what they mean, so that no escape shelters a secret; then, or where it is too long, it is written anew.
std::string kept_challenge(std::string_view said, const Hide& hide);

/// For the document: an object with the members that are known, as printable strings, or where `challenge` is
/// none, the text itself.
nlohmann::ordered_json challenge_value(std::string_view challenge);

/// Its `status` in lower case ("401", "invalid_token", "insufficient_scope"), also from a member `error`;
/// empty where it has none.
std::string challenge_status(std::string_view challenge);

}  // namespace mailsend
