/// The dialogue as log events: "smtp.command" and "smtp.reply" at debug level, credentials masked.
#pragma once

#include "smtp/session.hpp"
#include "wfc/host.hpp"

namespace mailsend::delivery {

/// Lets `options`' session write its dialogue to `log`; costs nothing when the level is off.
void log_session_to(const wfc::Log& log, smtp::SessionOptions& options);

}  // namespace mailsend::delivery
