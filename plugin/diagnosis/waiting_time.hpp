/// The time that a server asks to wait, in its own words: "try again in 300 seconds".
///
/// Guarantees: linear, allocates nothing, never throws. Reads English only, as servers speak it.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace mailsend::diagnosis {

/// A number with a unit shortly behind "again", "retry", "wait" or "back". Nothing for none, for zero, and
/// for more than a day: that is no advice to a program.
std::optional<std::chrono::seconds> waiting_time(std::string_view text) noexcept;

}  // namespace mailsend::diagnosis
