/// Moments as people and documents write them.
#pragma once

#include <cstdint>
#include <string>

namespace mailsend {

/// RFC 3339 in UTC and whole seconds: "2026-11-23T09:00:00Z". Empty for what is no moment of the years 1 to
/// 9999.
std::string utc_text(std::int64_t unix_s);

}  // namespace mailsend
