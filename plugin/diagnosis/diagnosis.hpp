/// Facts -> explanation: a pure function over the catalogue in manifests/errors.json.
///
/// Guarantees: never throws for any facts; unknown replies get a class by their code and still read well;
/// same facts, same answer. Trust order: provider text, then enhanced status, then basic code; a status whose
/// class contradicts the reply is ignored. Does not know sockets, settings or the result document. Any
/// thread.
#pragma once

#include "outcome/explanation.hpp"

namespace mailsend {

/// Explains `facts` in `language`.
Diagnosis diagnose(const Facts& facts, Language language);

/// Facts with their diagnosis, ready for the document.
inline Error explained(Facts facts, Language language) {
    Diagnosis diagnosis = diagnose(facts, language);
    return {std::move(facts), std::move(diagnosis)};
}

}  // namespace mailsend
