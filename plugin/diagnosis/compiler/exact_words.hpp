/// Expressions that name whole values: `^invalid_grant$`, `^(50126|50053)$`.
///
/// Most conditions on details are of that kind. Compared as words they take a tenth of the room that the
/// database of expressions would need for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailsend::diagnosis::compiler {

/// The values that `pattern` names, in small letters; nothing when it is a real expression.
std::optional<std::vector<std::string>> exact_words(std::string_view pattern);

}  // namespace mailsend::diagnosis::compiler
