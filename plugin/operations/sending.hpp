/// A composed message -> what became of it, explained: what `send` and `send-test` have in common.
#pragma once

#include "operations/composing.hpp"
#include "operations/invocation.hpp"
#include "outcome/result.hpp"

namespace mailsend {

class LedgerEntry;

/// How hard to try.
struct Effort {
    unsigned attempts = 1;         ///< on temporary trouble
    LedgerEntry* entry = nullptr;  ///< of this message; null: the ledger is not asked
    bool apart = false;            ///< on a connection of its own, one command after the other
};

/// Delivers over `route` within the account's limits, tells progress and logs the outcome. Throws as
/// Transport::deliver, and what the ledger throws.
SendResult deliver(Invocation& invocation, const Composed& composed, delivery::Route& route, Effort effort);

/// The result of a message of which nothing is left to send.
SendResult already_sent(Invocation& invocation, const Composed& composed, LedgerEntry& entry);

/// The result where `why` kept this call from asking the server: who has the message all the same, and who
/// may have it, the ledger knows.
SendResult not_begun(Invocation& invocation, const Composed& composed, LedgerEntry& entry, const Facts& why);

/// The result where the ledger let nothing begin, and nothing is known of anybody.
SendResult not_claimed(Invocation& invocation, const Composed& composed, const Facts& why);

/// Writes the document to the call; a host that takes none changes nothing about what happened.
void hand_over(Invocation& invocation, const std::string& document);

}  // namespace mailsend
