/// What an account may send: its provider's limits, and those of its settings, which beat them.
///
/// Guarantees: pure functions of the settings, any thread.
#pragma once

#include <optional>

#include "governor/limits.hpp"
#include "settings/settings.hpp"

namespace mailsend {

governor::Limits limits_of(const Settings& settings);

/// Recipients that one message may have there; nothing: as many as the server takes.
std::optional<unsigned> recipients_per_message(const Settings& settings);

}  // namespace mailsend
