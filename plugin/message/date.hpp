/// Date and time of RFC 5322 section 3.3.
#pragma once

#include <string>

#include "message/draft.hpp"

namespace mailsend {

/// `Sun, 22 Nov 2026 09:00:00 +0900`; never localised. Throws std::invalid_argument outside the years
/// 1900-9999 and for an offset of a day or more.
std::string date_time(const ZonedTime& time);

}  // namespace mailsend
