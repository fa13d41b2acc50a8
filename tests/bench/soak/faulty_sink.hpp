/// A cheap server that fails at random, in a process of its own, so that its memory and its descriptors are
/// not the client's.
///
/// Guarantees: listens on 127.0.0.1 on a free port; serves as many connections at once as it has threads;
/// reads messages and forgets them; counts what it took; ends with its owner. What fails, and where, is
/// decided per connection by a generator with a seed.
#pragma once

#include <atomic>
#include <cstdint>
#include <sys/types.h>

namespace bench {

/// How often, of 10,000 connections.
struct FaultRates {
    unsigned refusals = 300;      ///< 4yz and 5yz, for everybody or for the second recipient
    unsigned breaks = 300;        ///< cut or RST, anywhere between the greeting and the answer to QUIT
    unsigned broken_bodies = 50;  ///< cut or RST while the message comes
    unsigned drips = 100;         ///< replies byte by byte
    unsigned late = 100;          ///< replies after some milliseconds
    unsigned stalls = 4;          ///< no reply before the client's time-out
};

/// What the server did, as its process counts it.
struct SinkCounts {
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> faults{0};
    /// Messages read to their end and not refused, answered or not; each as often as it has recipients.
    std::atomic<std::uint64_t> taken{0};
    std::atomic<std::uint64_t> again{0};  ///< of them, those that the recipient had: the Message-ID tells
};

class FaultySink {
  public:
    /// Forks; call before other threads exist. Throws std::system_error.
    FaultySink(const FaultRates& rates, unsigned threads, std::uint32_t seed);
    ~FaultySink();
    FaultySink(const FaultySink&) = delete;
    FaultySink& operator=(const FaultySink&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    const SinkCounts& counts() const noexcept { return *counts_; }

  private:
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
    SinkCounts* counts_;  ///< in memory that both processes share
};

}  // namespace bench
