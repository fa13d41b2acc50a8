/// What the ledger keeps of one key: what became of the message, recipient by recipient.
///
/// Guarantees: holds no address, no subject and no text, and is bounded; everything that is read is checked,
/// so that a record is either whole or refused. Not done here: storing, and deciding what follows from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outcome/reply.hpp"

namespace mailsend::ledger {

/// What is known of one recipient. The letters are those of the record.
enum class Standing : char {
    open = 'o',         ///< has not got it: not tried, or refused
    handed_over = 'e',  ///< in the transaction whose data is ending at this moment
    sent = 's',         ///< the server took it
    unknown = 'u'       ///< the data was ended, and whether the server took it is not known
};

/// `claimed` and `ending`: somebody is at work, or died at it. The others are results.
enum class Phase { claimed, ending, sent, partial, unknown, failed };

/// Times are milliseconds since 1970; 0 where there is none yet.
struct Record {
    Phase phase = Phase::claimed;
    std::string owner;  ///< of the claim that wrote it: random, so that a claim knows its own record
    std::int64_t at_unix_ms = 0;        ///< last sign of life of the owner
    std::int64_t first_at_unix_ms = 0;  ///< when the first result was written
    std::string draft_digest;
    std::string body_digest;  ///< empty: nothing was handed over
    std::string message_id;
    std::vector<Standing> standings;  ///< in the order of the envelope
    std::optional<Reply> reply;       ///< to the last data that was taken
};

/// How many recipients have this standing.
std::size_t count(const Record& record, Standing standing) noexcept;
/// Whether somebody may be at work.
bool at_work(const Record& record) noexcept;
/// The phase that a record with these recipients ends in. None may be `handed_over`.
Phase result_of(const Record& record) noexcept;
/// Gives the record the phase that goes with its recipients, whoever changed them.
void recount(Record& record) noexcept;
/// Who was in the data that ended is unknown when nobody is there who learns it.
void give_up_waiting(Record& record) noexcept;
/// How long the state service is to keep it; 0 for ever: what is unknown stays until somebody decides.
std::uint64_t ttl_ms(const Record& record, std::uint64_t retention_ms) noexcept;

/// A server's reply as it may be kept: printable, its lines at most 4 KiB together.
Reply kept(const Reply& reply);

/// JSON, one line.
std::string written(const Record& record);
/// Throws std::invalid_argument with the end of a sentence ("was written by a newer MailSend", "is damaged").
Record read_record(std::string_view bytes);

}  // namespace mailsend::ledger
