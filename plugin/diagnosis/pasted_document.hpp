/// Our own result document, and challenges, read back into facts. Internal to the reading of pasted text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "outcome/failure.hpp"

namespace mailsend::diagnosis {

/// Facts of a result document with an `error` (or `explained`), of such an object alone, or of a document
/// that lists refused recipients; nothing where `object` is something else.
std::optional<Facts> own_document(const nlohmann::json& object);

/// Facts of a 334 that refused a token, where no reply that followed is known. `challenge`: decoded.
Facts challenge_facts(const std::string& challenge);

/// Adds to `facts` what is known where a token was refused with `challenge`.
void add_challenge(Facts& facts, const std::string& challenge);

}  // namespace mailsend::diagnosis
