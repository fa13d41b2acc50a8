/// The same dialogue with commands in groups, or one at a time: what a transcript shows must not depend on
/// it.
///
/// Guarantees: nothing is left out but dialogues of which another order of commands makes another dialogue
/// (what is refused before the last command of a group). Pure.
#pragma once

#include <optional>

#include "transcript/transcript.hpp"

namespace transcript {

/// On a server that offers PIPELINING (RFC 2920) besides. Nothing where it offers it already or says no EHLO,
/// or where MAIL and RCPT are not all taken.
std::optional<Transcript> with_pipelining(const Transcript& transcript);

/// Of a server that offers PIPELINING, with settings that do not use it. Nothing of others.
std::optional<Transcript> one_at_a_time(const Transcript& transcript);

}  // namespace transcript
