/// Texts that an expression of the catalogue is shown by, for tests that need one of each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailsend::diagnosis {

/// A text for each alternative on the top level; repeats as short as they may be. Knows the part of the
/// syntax that the catalogue uses; whether a text is right is for the caller to check.
std::vector<std::string> samples_of(std::string_view expression);

}  // namespace mailsend::diagnosis
