/// Names that nobody guesses and nothing else has.
#pragma once

#include <string>

namespace wfc::serve {

/// 128 random bits as 32 hex digits. Throws std::system_error.
std::string random_name();

}  // namespace wfc::serve
