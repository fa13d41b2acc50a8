/// The catalogue as pages for people: manifests/ERRORS.md and ERRORS.ja.md.
///
/// Guarantees: the same source gives the same pages, byte for byte; every entry stands on both, under its id
/// as anchor, in the order of matching. Values that only a failure knows are worded as missing ones are
/// (diagnosis/wording.hpp). Does not read or write files.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "diagnosis/compiler/source.hpp"

namespace mailsend::diagnosis::pages {

/// Who must act, in words: "tenant-admin" -> "the administrator of the organisation".
using ActorWords = std::function<std::string(std::string_view actor)>;

/// Markdown. Throws std::runtime_error where a file of entries has no heading.
std::string page(const compiler::Source& source, Language language, const ActorWords& actors);

}  // namespace mailsend::diagnosis::pages
