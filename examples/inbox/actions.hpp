/// Plays a rule of the script on a connection.
///
/// Guarantees: every wait ends when the server stops; a client that is gone ends the rule.
#pragma once

#include <string>
#include <string_view>

#include "script.hpp"
#include "wire.hpp"

namespace inbox {

/// What the client has been told.
struct Said {
    int code = 0;      ///< of the reply; 0 when what was sent is none
    bool open = true;  ///< false: the connection is over
};

/// The code that `rule` is going to send where `usual` would be sent; 0 when it sends no reply.
int planned_code(const Rule* rule, int usual) noexcept;

/// Sends `usual` (a whole reply with its CR LF), or does what `rule` says; `rule` may be null.
Said play(Wire& wire, const Rule* rule, std::string_view usual);

}  // namespace inbox
