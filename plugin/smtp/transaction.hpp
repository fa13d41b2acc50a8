/// One message on its way through a session: what to say, and what the server answered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "outcome/reply.hpp"
#include "outcome/vocabulary.hpp"
#include "smtp/command.hpp"

namespace mailsend::smtp {

/// Filled while the session runs, and valid also when it fails half-way: what is recorded here did happen.
struct Transaction {
    std::string reverse_path;                ///< without angle brackets; empty for bounces
    std::vector<std::string> forward_paths;  ///< at least one
    std::optional<std::uint64_t> size;       ///< octets, declared where the server offers SIZE
    bool needs_smtputf8 = false;
    bool needs_8bitmime = false;
    bool all_or_nothing = false;  ///< RSET when one recipient is refused
    bool probe = false;           ///< only asks: RSET takes the place of DATA, so that nothing is sent

    bool mail_answered = false;            ///< whatever the reply was
    std::vector<Reply> recipient_replies;  ///< in the order of forward_paths, as far as it got
    /// "Too many recipients" after others were accepted: the message goes to those, and of the rest, from
    /// recipient_replies.size() on, nobody was refused (RFC 5321 section 4.5.3.1.10). Not with
    /// all_or_nothing.
    std::optional<Reply> full;
    bool body_begun = false;       ///< 354 was said
    std::optional<Reply> refusal;  ///< to MAIL, DATA or the end of data
    Stage refused_at = Stage::mail;
    std::optional<Reply> accepted_by;  ///< the positive reply to the end of data
    bool end_of_data_begun = false;    ///< from here on a missing reply means "unknown"
    bool done = false;

    std::size_t accepted_recipients() const noexcept {
        std::size_t count = 0;
        for (const Reply& reply : recipient_replies) count += reply.positive_completion() ? 1 : 0;
        return count;
    }
};

}  // namespace mailsend::smtp
