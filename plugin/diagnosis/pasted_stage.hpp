/// Where something was said, out of the words around it. Internal to the reading of pasted text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "outcome/failure.hpp"

namespace mailsend::diagnosis {

/// The stage that `before` and `after`, the text around a reply, name: "(in reply to RCPT TO command)", the
/// command that was sent last before it, an exception's class. In lower case. Nothing where they name none.
std::optional<Stage> stage_in_words(std::string_view before, std::string_view after);

/// The stage of a command as programs write it ("AUTH PLAIN", "RCPT TO", "CONN"); in lower case.
std::optional<Stage> stage_of_command(std::string_view command);

/// Gives `facts`, whose reply may lack its code, the stage and the code with which the catalogue knows its
/// words best; a stage that is given stays. Without a reply nothing happens.
void settle(Facts& facts, std::optional<Stage> stage);

}  // namespace mailsend::diagnosis
