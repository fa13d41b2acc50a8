/// Source -> the bytes that the component reads in place (diagnosis/layout.hpp).
#pragma once

#include <string>

#include "diagnosis/compiler/source.hpp"

namespace mailsend::diagnosis::compiler {

/// Throws std::runtime_error that names the entry whose expression does not compile.
std::string written(const Source& source);

}  // namespace mailsend::diagnosis::compiler
