/// A time to wait, as people say it: "45 seconds", 「3 時間」.
///
/// Guarantees: rounded up, so that who waits as long does not come too early. Any thread.
#pragma once

#include <chrono>
#include <string>

#include "outcome/vocabulary.hpp"

namespace mailsend::diagnosis {

/// In the largest unit of which there are at least two; never less than a second.
std::string wait_words(std::chrono::milliseconds wait, Language language);

}  // namespace mailsend::diagnosis
