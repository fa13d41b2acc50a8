/// Why a mail server may have refused a token, read from the token itself where it is a JWT.
///
/// Guarantees: pure; says only what claims contradict; what comes out names claims and never holds the token
/// or a piece of its signature. An opaque token says nothing. Claims are not verified: they are what an
/// authorization server wrote for the mail server, and used for words alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/client.hpp"

namespace mailsend::oauth {

/// What sending over SMTP needs of a token.
struct TokenNeeds {
    Provider provider = Provider::custom;
    bool application = false;         ///< client credentials: roles are needed instead of scopes
    std::string username;             ///< the mailbox it is used for
    std::string sign_in_as{};         ///< who signs in for a shared mailbox; or empty
    std::string tenant;               ///< directory id of the settings, where it is one; or empty
    std::vector<std::string> scopes;  ///< asked for
    std::int64_t now_unix_s = 0;
};

struct TokenFinding {
    /// audience | scope | role | expired | not_yet_valid | tenant | user
    std::string fault;
    /// Placeholders of explanations: token_fault, token_audience (in words where it is known: "Microsoft
    /// Graph"), token_scopes, needed_scope, token_user, token_tenant, token_time.
    std::map<std::string, std::string> details;
};

/// The first fault in the order above; nothing when no claim contradicts, or it is no JWT. Clocks may differ
/// by five minutes.
std::optional<TokenFinding> examine(std::string_view token, const TokenNeeds& needs);

}  // namespace mailsend::oauth
