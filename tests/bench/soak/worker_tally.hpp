/// How the calls of a soak ended, counted by many threads, and what the numbers must agree on.
///
/// Guarantees: any thread counts; `complaints` is for when they are done.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace bench {

class WorkerTally {
  public:
    /// What a call told. `repeated`: its key was that of a message that had been accepted. Returns whether it
    /// was accepted by everybody, for the first time.
    bool count(const std::string& document, bool repeated);
    /// "187000 accepted, …".
    std::string summary() const;
    /// Sentences; none when nothing was lost and nothing was sent twice. `taken`: what the
    /// server had and did not refuse, recipient by recipient.
    std::vector<std::string> complaints(std::uint64_t taken) const;

  private:
    void odd(const std::string& sentence);

    std::atomic<std::uint64_t> accepted_{0}, partial_{0}, rejected_{0}, failed_{0}, unknown_{0};
    std::atomic<std::uint64_t> duplicates_{0}, tried_again_{0};
    std::atomic<std::uint64_t> sent_recipients_{0}, unknown_recipients_{0};
    mutable std::mutex mutex_;
    std::string first_odd_;
    std::uint64_t odd_ = 0;
};

}  // namespace bench
