/// What a message says, as one short text that can be compared: the draft's side of it.
///
/// Guarantees: two drafts have the same digest when every member that a reader would notice is the same; no
/// word of the message can be read from it. Leaves out what changes from try to try without changing the
/// message (the current time, paths, names of blobs that have a name of their own) and the bytes of
/// attachments, which DigestedMessage covers.
#pragma once

#include <string>
#include <string_view>

#include "message/draft.hpp"

namespace mailsend::ledger {

/// "draft1:" and 64 hexadecimal digits. The number changes with what is covered.
std::string draft_digest(const Draft& draft);

/// Whether two digests say that there were two contents. Digests of different versions, or one that is empty,
/// say nothing.
bool different_content(std::string_view one, std::string_view other) noexcept;

}  // namespace mailsend::ledger
