/// The questions of a sign-in, as the host's prompt service takes them, and its answers as values.
///
/// Guarantees: an answer that is no answer becomes a Failure with the setting to change; what came to the
/// redirect is held in wiping strings as far as JSON allows. The code verifier is in no question.
#pragma once

#include <string>
#include <string_view>

#include "oauth/authorization.hpp"
#include "oauth/device.hpp"
#include "operations/invocation.hpp"

namespace mailsend {

/// Shows the authorization's URL and waits for the redirect. `left_s`: for how long at most. Throws
/// Failure(token, "signin.port_in_use" | "signin.port_denied" | "signin.busy" | "signin.no_time_left" |
/// "signin.nobody" | "signin.not_offered"), Cancelled.
oauth::RedirectParameters ask_redirect(Invocation& invocation, const oauth::Authorization& authorization,
                                       const AccountOAuth& account, std::int64_t left_s);

/// Shows where to type which code; returns at once. Throws as ask_redirect.
void show_device_code(Invocation& invocation, const oauth::DeviceCode& code);

/// Tells the person at the browser how it ended, in every language there is. `who`: the account that signed
/// in.
void tell_signed_in(Invocation& invocation, const std::string& who);
void tell_failed(Invocation& invocation, const Facts& facts);

}  // namespace mailsend
