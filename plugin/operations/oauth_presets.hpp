/// What the presets know of an authorization server, filled in with an account's settings.
///
/// Guarantees: pure; what the settings say comes first.
#pragma once

#include <string>

#include "oauth/client.hpp"
#include "oauth/grants.hpp"
#include "settings/settings.hpp"

namespace mailsend {

oauth::Provider oauth_provider(const OAuthAuth& auth);

/// Microsoft's with the tenant of the settings, or "common".
oauth::Endpoints oauth_endpoints(const OAuthAuth& auth);

/// The settings' own, or what sending over SMTP needs by this grant. A person who signs in is asked besides
/// who that is (openid), where the provider is known.
oauth::Scopes oauth_scopes(const OAuthAuth& auth);

/// Those of `asked` that matter for sending and that were not granted: people untick them. Microsoft's are
/// compared by their last part, since its resource has several names.
oauth::Scopes scopes_withheld(oauth::Provider provider, const oauth::Scopes& asked,
                              const oauth::Scopes& granted);

}  // namespace mailsend
