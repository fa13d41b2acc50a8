/// Words of authorization servers in text that was pasted. Internal to the reading of pasted text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "outcome/failure.hpp"
#include "outcome/refusal_words.hpp"

namespace mailsend::diagnosis {

/// Facts of an AADSTS text, of an error of RFC 6749 by its name ("invalid_grant: Bad Request"), or of the
/// address of a redirect ("…?error=access_denied&…"). Nothing where the text has none of them.
std::optional<Facts> oauth_in_text(std::string_view text);

/// Facts of these words, with the signs of who said them: Google, Microsoft or nobody in particular.
/// `around`: all of the text.
Facts oauth_facts(const ErrorWords& words, int http_status, const std::string& endpoint,
                  std::string_view around);

/// Whether `word` is the name of an error that RFC 6749 and its like define.
bool names_oauth_error(std::string_view word) noexcept;

/// What a 334 said that refuses a token: its base64 in the text, decoded (RFC 7628 section 3.2.2); or empty.
std::string challenge_in_text(std::string_view text);

}  // namespace mailsend::diagnosis
