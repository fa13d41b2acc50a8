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

/// Facts of words that a server says behind a code, where the code is lost: of the first line that an entry
/// of the catalogue knows by its words. Stage and code are then those with which it knows them.
std::optional<Facts> wording_in(std::string_view text, std::optional<Stage> stage);

/// Makes of `facts`, a challenge that was pasted alone, the reply 334 that it was, where the catalogue knows
/// what that refuses; otherwise it stays the break-off that it may be. `provider`: as given, may be empty.
void settle_challenge(Facts& facts, std::optional<Stage> stage, const std::string& provider);

}  // namespace mailsend::diagnosis
