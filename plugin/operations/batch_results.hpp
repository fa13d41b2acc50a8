/// The blob of results, written while the batch runs.
///
/// Guarantees: whole lines in the order in which rows ended, gathered to spare the host small writes, and not
/// held for longer than a moment where `flush` is called at each. A host that takes no blob gets none. The
/// call's thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wfc/author.hpp"

namespace mailsend {

class BatchResults {
  public:
    BatchResults(const wfc::Call& call, const std::string& name);

    /// Throws wfc::StreamFailed.
    void add(std::string_view line);
    void flush();
    /// Whether the host takes it.
    bool offered() const noexcept { return sink_.has_value(); }

  private:
    std::optional<wfc_sink> sink_{};
    std::string waiting_{};
};

}  // namespace mailsend
