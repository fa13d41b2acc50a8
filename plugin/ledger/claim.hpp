/// The right of one call to send what is left of one message, and what became of it.
///
/// Guarantees: nobody else sends to the same recipients while the claim is alive, and who was handed a
/// message stands in the host's state service before the server can take it; the truth is written whenever it
/// is known, also by a call that was taken for dead. Costs three writes for a message that goes out at once.
/// Not done here: sending, waiting, telling people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/record.hpp"
#include "outcome/failure.hpp"
#include "wfc/host.hpp"
#include "wfc/problem.hpp"

namespace mailsend::ledger {

class Tenure;

/// What was known of a message when a call came with its key.
struct Past {
    std::vector<Standing> standings{};  ///< in the order of the envelope
    std::optional<Reply> reply{};       ///< to the last data that was taken
    std::string message_id{};           ///< with angle brackets; a message sent again has the same
    std::int64_t at_unix_ms = 0;        ///< when the first result was written; 0: there is none
    std::string body_digest{};          ///< of DigestedMessage; empty where nothing was handed over
};

/// One thread; movable. Its end is that of the claim.
class Claim {
  public:
    Claim(Claim&& other) noexcept;
    Claim& operator=(Claim&& other) noexcept;
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim();

    /// False: nothing to send, past() is the answer.
    bool work_left() const noexcept { return tenure_ != nullptr; }
    /// As it was when the claim was made, of all recipients.
    const Past& past() const noexcept { return past_; }
    /// Of all recipients, as far as this call knows by now: also what other calls have told since.
    const std::vector<Standing>& known() const noexcept;
    /// Places in the envelope to send to, ascending. Shrinks as things are settled.
    std::vector<std::size_t> open() const;

    /// Throws wfc::Problem(WFC_INVALID_INPUT, "/idempotency_key") when the key was used for a message with
    /// another body than this one (DigestedMessage::digest()). For an answer without work, too.
    void check_body(std::string_view body_digest) const;
    /// Before any byte of the end of the data: these would get it. Durable when it returns. Throws
    /// Failure(host.state), Failure(ledger.lost: another call took over), wfc::Problem as check_body,
    /// Failure(content.source_failed) when it is another body than this call itself has sent to others; the
    /// data must not be ended then, and these stay open. Where nobody has got or may have got it, the body
    /// may be another one than that of the try before.
    void ending(const std::vector<std::size_t>& places, std::string_view body_digest);
    /// What became of recipients: `sent`, `open` (refused, or not tried) or `unknown`. Written at once; where
    /// that fails, again with keep_alive() and finish(). `reply`: to the end of the data.
    void settle(const std::vector<std::pair<std::size_t, Standing>>& standings,
                const std::optional<Reply>& reply) noexcept;
    /// To be called at least every second while the call waits; writes every ten.
    void keep_alive() noexcept;
    /// The last state: sent, partial, unknown or failed. Nothing is left to send afterwards.
    void finish() noexcept;

    /// Why the ledger could not be written after a message was handed over; nothing where it was.
    const std::optional<Facts>& trouble() const noexcept { return trouble_; }

  private:
    friend class Ledger;
    struct Manner {
        bool key_was_given = false;
        bool resends = false;  ///< what was unknown when the claim was made
        wfc::Clock clock{};
    };
    /// `record`: as it was found, or as it was first written. Without `tenure` there is nothing to do.
    Claim(const Record& record, Manner manner, std::unique_ptr<Tenure> tenure);

    void check_same_body(std::string_view body_digest) const;
    void publish() noexcept;
    bool to_send(std::size_t place) const noexcept;

    Past past_;
    Manner manner_;
    std::unique_ptr<Tenure> tenure_;
    std::vector<bool> unknown_here_;  ///< became unknown under this claim: not sent again by it
    bool handed_over_ = false;
    bool finished_ = false;
    bool unwritten_ = false;  ///< the store lacks something that is known
    std::uint64_t tried_ms_ = 0;
    std::optional<Facts> trouble_{};
};

/// A key that was used for a message with other content.
class KeyReused : public wfc::Problem {
  public:
    explicit KeyReused(bool key_was_given);
};

}  // namespace mailsend::ledger
