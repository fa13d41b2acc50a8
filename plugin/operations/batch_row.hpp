/// One row of a batch, from its line to what became of it.
///
/// Guarantees: a fault of the row is its result and nobody else's; whatever happens on the way becomes a
/// result. A row is sent under a key of its own, so that the same row of the same batch is not sent twice.
/// Does not know the other rows, and writes nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message/batch_draft.hpp"
#include "operations/batch_input.hpp"
#include "operations/batch_lines.hpp"
#include "operations/invocation.hpp"
#include "outcome/explanation.hpp"
#include "outcome/result.hpp"
#include "template/parsed_templates.hpp"

namespace mailsend {

/// What became of a row. `already_sent`: by an earlier run, to all its recipients. `invalid`: the row itself
/// cannot be used. `not_attempted`: it was stopped before anything was sent.
enum class RowFate { accepted, already_sent, partial, rejected, failed, unknown, invalid, not_attempted };
inline constexpr std::size_t row_fates = 8;

std::string_view to_string(RowFate fate) noexcept;

struct RowResult {
    std::uint64_t number = 0;  ///< of the line
    std::uint64_t octets = 0;  ///< of the line
    RowFate fate = RowFate::not_attempted;
    std::string text{};            ///< its line of the results; empty where it has none
    std::optional<Error> error{};  ///< with its explanation, which `text` leaves out
    bool for_all = false;          ///< the trouble is not the row's: every other would have it
    bool nobody_has_it = true;     ///< of a row that failed: no recipient got it or may have got it
    std::vector<std::string> warnings{};
};

/// Opens a blob of the call from any thread, as Call::open_blob does on its own.
using BlobOpener = std::function<wfc_status(wfc_view name, wfc_source* out)>;

/// What all rows share. Read only once it is made: any thread.
class BatchRows {
  public:
    /// Borrows all of it. `stopped`: nothing more is to be sent.
    BatchRows(const Invocation& invocation, const BatchInput& input, BlobOpener open,
              const std::atomic<bool>& stopped);
    BatchRows(const BatchRows&) = delete;
    BatchRows& operator=(const BatchRows&) = delete;

    /// Sends it. Never throws but for want of memory.
    RowResult run(const BatchLine& line) const;

  private:
    friend class RowCall;
    RowResult tried(const BatchLine& line) const;
    bool paused(int pause_ms) const;
    RowResult sent(const BatchLine& line, std::string& own_key) const;
    /// By what the ledger knows the row: another run of the same batch finds the same.
    std::string key_of(const nlohmann::json& row, const std::string& own_key) const;
    nlohmann::json payload_of(nlohmann::json row) const;

    const Invocation& invocation_;
    const BatchInput& input_;
    BlobOpener open_;
    const std::atomic<bool>& stopped_;
    ParsedTemplates parsed_{};
};

}  // namespace mailsend
