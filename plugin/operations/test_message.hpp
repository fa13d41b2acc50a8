/// The message that `send-test` sends: it says which account it came through, and that nobody need answer.
#pragma once

#include "message/draft.hpp"
#include "settings/settings.hpp"

namespace mailsend {

/// In the language of the settings. Names server, security, sender and user; no secret, and no user name that
/// may be one (an API token).
Draft test_message(const Settings& settings, const Mailbox& from, const Mailbox& to);

}  // namespace mailsend
