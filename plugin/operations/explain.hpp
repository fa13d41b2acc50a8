/// The operation `explain`: what a pasted text means, without sending.
///
/// Guarantees: asks the host for nothing, connects to nothing and needs no account. Credentials in the text
/// are hidden in the document.
#pragma once

#include "outcome/vocabulary.hpp"
#include "wfc/author.hpp"

namespace mailsend {

/// Writes the result document of `call` and returns its status. `language`: where the input names none.
/// Throws wfc::Problem(WFC_INVALID_INPUT).
wfc_status explain_pasted(wfc::Call& call, Language language);

}  // namespace mailsend
