/// Which grant of OAuth 2.0 needs, takes or refuses which member of `auth`.
///
/// Guarantees: a member that a grant would ignore is refused, naming the grants that use it; one that is
/// needed is named when it is missing. Facts of RFC 6749, 7523 and 8628 and of the two big providers; no
/// request is made. Internal to this folder.
#pragma once

#include <string>

#include "settings/settings.hpp"
#include "wfc/json.hpp"

namespace mailsend {

/// Before the members are read: whether the grant exists at this provider, and whether each member belongs to
/// it. Throws wfc::Problem at the member.
void check_members(wfc::Fields& fields, const std::string& provider, const std::string& grant);

/// After they are read: what depends on several of them. Throws wfc::Problem at the member.
void check_combination(const wfc::Fields& fields, const OAuthAuth& auth);

}  // namespace mailsend
