/// Takes what a request had to keep secret out of what a server says.
///
/// Guarantees: every run of eight or more octets that a text shares with a secret is blotted out, also where
/// the server cut the secret off; secrets of four to seven octets where they stand whole; and, whosever they
/// are, runs that begin as a JWT or a token of Google does. Sees a secret as it is, as it stood in the form
/// and in base64, and through no other encoding.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wfc/secret.hpp"

namespace mailsend::oauth {

/// Keeps copies of the secrets, which wipe themselves.
class Scrub {
  public:
    /// Of an application/x-www-form-urlencoded body every value but of names that are known to be public.
    static Scrub of_form(std::string_view encoded);

    Scrub& hide(std::string_view secret);

    /// At most the first `longest` octets of `text`, with "****" in place of each piece of a secret.
    std::string applied(std::string_view text) const;

    static constexpr std::size_t longest = 4096;

  private:
    std::size_t match_at(std::string_view text, std::size_t at) const noexcept;

    std::vector<wfc::SecretString> secrets_;
};

}  // namespace mailsend::oauth
