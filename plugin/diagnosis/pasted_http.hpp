/// Tells statuses of HTTP from replies of mail servers. Internal to the reading of pasted text.
#pragma once

#include <cstddef>
#include <string_view>

namespace mailsend::diagnosis {

/// Whether the three digits at `at` are a status of HTTP by what stands around them: the reason phrase of RFC
/// 9110 section 15 behind them, or a member "code" of a JSON body with its message, status or reasons.
bool of_http(std::string_view text, std::size_t at);

}  // namespace mailsend::diagnosis
