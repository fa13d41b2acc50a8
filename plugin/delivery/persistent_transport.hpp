/// Transport that repeats another one where that helps (retry_policy), and reports on all of it as one.
///
/// Guarantees: only recipients that were refused for now, or not attempted, are tried again; after an unknown
/// outcome nobody is. At most `attempts` tries and never a wait that passes the call's deadline: then the
/// facts have the detail `retry_after_ms`. Waits end within 200 ms of cancel. With Partial::fail all are
/// tried again or nobody. A message that cannot be read again is not repeated.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "delivery/joined_report.hpp"
#include "delivery/retry_policy.hpp"
#include "delivery/smtp_transport.hpp"
#include "delivery/transport.hpp"

namespace mailsend::delivery {

struct RetryTerms {
    unsigned attempts = 4;                            ///< at least 1, which is no repeat
    std::function<Diagnosis(const Facts&)> diagnose;  ///< language does not matter
    std::function<double()> chance;                   ///< of [0, 1); asked where something failed
    /// Told before each wait, with the failure that it is for; may be empty.
    std::function<void(std::uint64_t wait_ms, const Facts&)> waiting{};
};

class PersistentTransport final : public Transport {
  public:
    /// `inner` is borrowed.
    PersistentTransport(Transport& inner, RetryTerms terms, Partial on_partial)
        : inner_(inner), terms_(std::move(terms)), on_partial_(on_partial) {}

    /// Attempt::wait_ms of the first attempt after a wait says how long it was.
    Report deliver(Message& message, const Order& order, const net::Patience& patience) override;
    void close(const net::Patience& patience) noexcept override { inner_.close(patience); }

  private:
    struct Plan {
        std::vector<std::size_t> places{};  ///< to try again; nobody: it is over
        std::uint64_t wait_ms = 0;
        Shared<Facts> facts{};                                       ///< of the longest wait
        std::vector<std::pair<std::size_t, std::uint64_t>> later{};  ///< whom the deadline leaves no time for
        std::optional<std::uint64_t> all_later{};                    ///< the same, of the report as a whole
    };
    Plan plan(const Report& report, const History& history) const;
    void pause(const Plan& plan, const net::Patience& patience);

    Transport& inner_;
    RetryTerms terms_;
    Partial on_partial_;
};

}  // namespace mailsend::delivery
