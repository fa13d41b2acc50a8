/// Texts with places for values, checked for their form (diagnosis/wording.hpp says what they mean).
#pragma once

#include <string>
#include <string_view>

namespace mailsend::diagnosis::compiler {

/// The end of a sentence: "has a place that is not closed", "has a passage inside a passage" … Empty when the
/// text can be used. Whether a place's name is known to anybody is not checked.
std::string fault_of_places(std::string_view text);

}  // namespace mailsend::diagnosis::compiler
