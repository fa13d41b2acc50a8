/// How far a reply goes in text that was pasted. Internal to the reading of pasted text.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "outcome/reply.hpp"

namespace mailsend::diagnosis {

/// The status at the beginning of `text`, "#5.1.1" too; it may be followed by a comma or a colon.
std::optional<EnhancedStatus> status_at(std::string_view text);

/// The three digits at `at`, which are there.
int number_at(std::string_view text, std::size_t at) noexcept;

/// The reply whose code stands at `at`, with the lines that belong to it; `end`: where it is over.
Reply reply_at(std::string_view text, std::size_t at, std::size_t& end);

/// The same where only its enhanced status is left; `code` is 0, and the one line begins with the status.
Reply status_reply_at(std::string_view text, std::size_t at, std::size_t& end);

}  // namespace mailsend::diagnosis
