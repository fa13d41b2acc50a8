/// By what an entry is recognised, in words of one language. Internal to the pages.
#pragma once

#include <string>

#include "diagnosis/compiler/source.hpp"

namespace mailsend::diagnosis::pages {

/// Markdown on one line: "reply code `535`, enhanced status `5.7.139`, words `a`, `b`".
std::string recognition(const compiler::EntrySource& entry, const compiler::Source& source,
                        Language language);

/// The names of the entry's stages, set apart by `between`; empty where it may be any.
std::string stages_of(const compiler::EntrySource& entry, const compiler::Source& source, Language language,
                      const std::string& between);

}  // namespace mailsend::diagnosis::pages
