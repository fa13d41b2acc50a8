/// Whole files, for the programs that write the catalogue and its pages. Both throw std::runtime_error with
/// one sentence that names the file.
#pragma once

#include <string>

namespace mailsend::diagnosis::compiler {

std::string content_of(const std::string& path);
void save(const std::string& path, const std::string& bytes);

}  // namespace mailsend::diagnosis::compiler
