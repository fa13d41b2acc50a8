/// Reply codes and enhanced statuses as the catalogue writes them.
#pragma once

#include <string_view>

#include "diagnosis/layout.hpp"

namespace mailsend::diagnosis::compiler {

/// "535", or "4yz" for every code of a class. Throws std::runtime_error with the end of a sentence.
layout::CodeRange code_range(std::string_view word);

/// "5.7.139", "X.7.8" for every class, "5.7.606-5.7.649" with both ends. Throws std::runtime_error with the
/// end of a sentence.
layout::StatusRange status_range(std::string_view word);

}  // namespace mailsend::diagnosis::compiler
