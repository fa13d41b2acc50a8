/// What a host that keeps running counts, for Prometheus: calls of components and runs of flows.
///
/// Guarantees: counting never fails and never waits for who reads; the number of series is bounded whatever
/// components answer (known_names.hpp). Knows members of result documents by their names alone, not what a
/// component does. No addresses, no texts and no settings become labels. Does not listen: see endpoint.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wfc::metrics {

/// A call that ended.
struct Invocation {
    std::string_view component, operation;
    std::string_view document;                          ///< its result; not trusted
    std::optional<std::chrono::nanoseconds> took = {};  ///< nothing: it did not come to the component
};

/// Any thread. What it counts in is empty when it is made: nothing outlives the process.
class Counters {
  public:
    /// `version`: of the host.
    explicit Counters(std::string_view version);
    ~Counters();
    Counters(const Counters&) = delete;
    Counters& operator=(const Counters&) = delete;

    /// A call that may come: what has not happened to it yet is told as 0.
    void know_call(std::string_view component, std::string_view operation) noexcept;
    void invoked(const Invocation& call) noexcept;

    /// A flow that may run: what has not happened to it yet is told as 0.
    void know_flow(std::string_view flow) noexcept;
    /// `outcome`: of its last step, or "stopped". Times: milliseconds, since 1970 and of the run.
    void run_ended(std::string_view flow, std::string_view outcome, std::int64_t at_unix_ms,
                   std::int64_t took_ms) noexcept;
    void runs_missed(std::string_view flow, std::size_t count) noexcept;
    void runs_skipped(std::string_view flow, std::size_t count) noexcept;
    /// Its process was gone in the middle of it.
    void run_cut(std::string_view flow) noexcept;
    /// Nothing: there will be none.
    void next_run(std::string_view flow, std::optional<std::int64_t> at_unix_ms) noexcept;
    /// Something is wrong with an account of the component.
    void warned(std::string_view flow, std::string_view component) noexcept;
    /// Nothing can be run now, or something else a person should look at.
    void trouble(std::string_view flow) noexcept;

    /// Everything as it is now, in Prometheus' text format, version 0.0.4. Throws std::bad_alloc.
    std::string text() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace wfc::metrics
