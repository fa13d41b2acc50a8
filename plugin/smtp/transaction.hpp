/// One message on its way through a session: what to say, and what the server answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "outcome/reply.hpp"
#include "outcome/shared.hpp"
#include "outcome/vocabulary.hpp"
#include "smtp/command.hpp"

namespace mailsend::smtp {

/// The code of a reply behind which the server closes the connection (RFC 5321 section 3.8).
inline constexpr int closing_channel = 421;

/// How transactions follow each other on a session.
enum class Flow {
    lockstep,   ///< a command waits for the reply to the one before (RFC 5321)
    pipelined,  ///< MAIL, RCPT and DATA leave together, behind the end of data before (RFC 2920)
    chunked,    ///< … and the message with them, in BDAT, behind any number of others (RFC 3030)
};

/// Filled while the session runs, and valid also when it fails half-way: what is recorded here did happen.
struct Transaction {
    std::string reverse_path;                ///< without angle brackets; empty for bounces
    std::vector<std::string> forward_paths;  ///< at least one
    std::optional<std::uint64_t> size;       ///< octets, declared where the server offers SIZE
    bool needs_smtputf8 = false;
    bool needs_8bitmime = false;
    bool all_or_nothing = false;  ///< RSET when one recipient is refused
    bool probe = false;           ///< only asks: RSET takes the place of DATA, so that nothing is sent
    /// Named to a server that offers DSN (RFC 3461), which then returns no more than the header. Absent:
    /// neither.
    std::optional<std::string> envelope_id;

    // From here on the session writes; begin() forgets what an earlier attempt left.

    bool begun = false;          ///< its MAIL was handed to output()
    bool mail_answered = false;  ///< whatever the reply was
    std::size_t asked = 0;       ///< RCPT was said for so many of forward_paths, in their order
    /// In the order of forward_paths, as far as it got. Servers say the same to nearly all of them: a reply
    /// like the one before it is kept once.
    std::vector<Shared<Reply>> recipient_replies;
    /// "Too many recipients" after others were accepted: the message goes to those, and of the rest nobody
    /// was refused (RFC 5321 section 4.5.3.1.10): see left_over. Not with all_or_nothing or probe.
    std::optional<Reply> full;
    bool body_begun = false;       ///< 354 was said, or the first BDAT
    std::optional<Reply> refusal;  ///< to MAIL, DATA, BDAT or the end of data: the first of them
    Stage refused_at = Stage::mail;
    std::optional<Reply> accepted_by;  ///< the positive reply to the end of data
    bool end_of_data_begun = false;    ///< from here on a missing reply means "unknown", unless decided()
    /// The server's last word was 421, to this transaction or to one before it, and then it closed (RFC 5321
    /// section 3.8): it never came to this one's end of data, which may have been begun, and did not take it.
    bool shut_out = false;
    /// Settled: nothing of it is awaited any more, and the session does not touch it again.
    bool done = false;
    /// Of the reply that is awaited for it, or of what has to be done next.
    Stage stage = Stage::mail;

    std::size_t accepted_recipients() const noexcept {
        std::size_t count = 0;
        for (const auto& reply : recipient_replies) count += reply->positive_completion() ? 1 : 0;
        return count;
    }
    /// Records the reply to the next RCPT.
    void answered(const Reply& reply);
    /// Nobody was refused at this place of forward_paths, but there was no room for him; so at any place
    /// behind the last.
    bool left_over(std::size_t place) const;
    /// Places of forward_paths of whom nobody was refused, and for whom there is room, as far as it was
    /// answered.
    std::vector<std::size_t> not_refused() const;
    /// Nothing that may still be answered can change what becomes of the message.
    bool decided() const noexcept;
    /// As if it had never been begun.
    void forget() noexcept;

    /// The session's notes; nobody else's.
    struct Course {
        Flow flow = Flow::lockstep;
        std::size_t accepted = 0;  ///< recipients
        std::size_t answered = 0;  ///< RCPT, including those that left_over or a refused MAIL makes void
        std::size_t awaited = 0;   ///< replies
        bool closed = false;       ///< all that belongs to it has been said
        bool body_due = false;
    };
    Course course;
};

/// 452 that speaks of the transaction, not of the recipient: "too many" or no more than 452. Not a full
/// mailbox (452 4.2.2), not a full disk (452 4.3.1).
bool too_many_recipients(const Reply& reply);

}  // namespace mailsend::smtp
