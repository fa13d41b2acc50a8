/// Each message at most once: what was sent, or may have been, by the key that the flow gave it.
///
/// Guarantees: of all calls with one key, in all processes that share the host's state store, one sends at a
/// time, and none to a recipient who has got the message or may have got it; a call that died leaves
/// `claimed` (free again after 30 s) or `ending` (unknown from then on, until somebody decides). Remembers no
/// refusals: a refused recipient is tried again. Knows nothing once the retention has passed.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "ledger/claim.hpp"
#include "ledger/ruling.hpp"
#include "message/send_terms.hpp"
#include "net/patience.hpp"
#include "wfc/host.hpp"

namespace mailsend::ledger {

struct LedgerTerms {
    std::string key;             ///< any text; only its SHA-256 is kept
    bool key_was_given = false;  ///< by the input; else it is the call's id
    OnUnknown on_unknown = OnUnknown::report;
    std::chrono::milliseconds retention{};  ///< of everything but what is unknown
};

/// Copyable, any thread.
class Ledger {
  public:
    explicit Ledger(const wfc::Host& host) : host_(host) {}

    /// Waits while another call is at work on the same message. Nothing where the host has no wfc.state/1 and
    /// the key is the call's id. Throws Failure(ledger.busy) when the patience ends first,
    /// Failure(host.state) when the state service fails, lacks or holds something else,
    /// wfc::Problem(WFC_INVALID_INPUT,
    /// "/idempotency_key") when the key belongs to another message, Cancelled.
    std::optional<Claim> claim(const LedgerTerms& terms, const Content& content,
                               const net::Patience& patience) const;

  private:
    Claim claimed(const LedgerTerms& terms, const Content& content, const net::Patience& patience) const;

    wfc::Host host_;
};

}  // namespace mailsend::ledger
