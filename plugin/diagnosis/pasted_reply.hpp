/// Finds the reply of a server in text that was pasted. Internal to the reading of pasted text.
///
/// Guarantees: linear in the text but for its lines; never throws for any bytes. Text comes from plain_lines.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "outcome/reply.hpp"

namespace mailsend::diagnosis {

struct PastedReply {
    Reply reply;         ///< `code` 0: only an enhanced status was there, and the lines are without a code
    std::size_t at = 0;  ///< where it stands in the text
    std::size_t end = 0;
    /// Nothing else in the text could say more: a code at a place where replies stand, or with a status.
    bool certain = false;
};

/// The reply that most looks like one (RFC 5321 section 4.2), refusals before others, the first among equals.
/// Several lines of it may be joined by blanks, or each have something of a log in front.
/// `of_mail`: what stands there is known to be of a mail server, even where it could be a status of HTTP.
std::optional<PastedReply> find_reply(std::string_view text, bool of_mail = false);

/// An enhanced status that has lost its basic code ("5.7.139 Authentication unsuccessful"), and what follows.
std::optional<PastedReply> find_status(std::string_view text);

}  // namespace mailsend::diagnosis
