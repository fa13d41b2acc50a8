/// Names from outside as values of labels, a bounded number of them.
///
/// Guarantees: every value is 1 to 100 letters, digits, '.', '_', '-' or '/' of ASCII; of more different ones
/// than `most` the later ones are "other", and so is what is no such name. Those that came first stay.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace wfc::metrics {

/// Any thread.
class KnownNames {
  public:
    explicit KnownNames(std::size_t most) : most_(most) {}

    /// Throws std::bad_alloc.
    std::string take(std::string_view name);

  private:
    std::size_t most_;
    std::mutex mutex_{};
    std::set<std::string, std::less<>> names_{};
};

/// The outcomes of the contract.
inline constexpr std::array<std::string_view, 7> outcomes = {"succeeded", "accepted", "partial",  "rejected",
                                                             "failed",    "unknown",  "cancelled"};
/// What the outcome of a run is called that had steps left.
inline constexpr const char* stopped = "stopped";

/// An outcome of the contract, or of a run, or "other".
std::string known_outcome(std::string_view outcome);

}  // namespace wfc::metrics
