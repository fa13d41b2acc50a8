/// The header fields and the envelope of a draft (RFC 5322 section 3.6, RFC 5321 section 2.3.1).
///
/// Guarantees: no field stands twice that may stand once; Bcc is in the envelope and nowhere else. MIME
/// fields of bodies are mime_tree's.
#pragma once

#include "message/header.hpp"
#include "message/message.hpp"

namespace mailsend {

/// Date, From, Sender, Reply-To, To, Cc, Subject, Message-ID, priority, the draft's own fields, MIME-Version.
/// Throws wfc::Problem(WFC_INVALID_INPUT) with the pointer of the member.
HeaderBlock standard_headers(const Draft& draft, const Circumstances& circumstances);

/// Bounces go to Sender where one is given, else to From. Throws wfc::Problem(WFC_INVALID_INPUT) without a
/// recipient.
Envelope envelope_of(const Draft& draft);

}  // namespace mailsend
