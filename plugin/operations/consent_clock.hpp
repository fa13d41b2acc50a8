/// What will end a sign-in, and when: told before a run fails for it.
///
/// Guarantees: pure; every sentence names the day and what to do, in the account's language. Facts of Google
/// and Microsoft of 2026; a server that says when its refresh token ends (refresh_token_expires_in) is
/// believed first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oauth/token_record.hpp"
#include "operations/problem_list.hpp"
#include "settings/settings.hpp"

namespace mailsend {

/// What is known of a sign-in; borrowed for the length of a call. Times are seconds since 1970.
struct ConsentSeen {
    const OAuthAuth& auth;
    const oauth::TokenRecord* record = nullptr;  ///< null: nobody has signed in, or it cannot be read
    std::int64_t now = 0;
    std::optional<std::int64_t> certificate_ends;  ///< of `auth.certificate`, read from it
    std::vector<std::string> changed;              ///< pointers of members
    std::vector<std::string> withheld;             ///< scopes that were not granted
    bool unreadable = false;                       ///< something is stored, and it is no record
};

/// The day on which the refresh token ends if nothing happens, as far as it is known; 0: unknown.
std::int64_t refresh_token_ends(const ConsentSeen& seen);

/// Warnings with the pointer of the member that they are about.
void judge_consent(const ConsentSeen& seen, ProblemList& problems);

}  // namespace mailsend
