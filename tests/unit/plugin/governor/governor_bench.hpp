/// A host in memory whose time a test turns, and governors of one account on it.
#pragma once

#include <atomic>
#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

#include "governor/governor.hpp"
#include "outcome/failure.hpp"
#include "testhost/testhost.hpp"

namespace mailsend::governor::test {

/// Turns the clock while it lives: so many milliseconds for each of the machine's.
class Crank {
  public:
    Crank(wfc::testhost::TestHost& host, std::uint64_t faster)
        : thread_([this, &host, faster] {
              auto before = std::chrono::steady_clock::now();
              while (!over_) {
                  std::this_thread::sleep_for(std::chrono::milliseconds(1));
                  const auto now = std::chrono::steady_clock::now();
                  const auto moved =
                      std::chrono::duration_cast<std::chrono::microseconds>(now - before).count();
                  before = now;
                  // A machine that stood still turns the clock no further than one that did not.
                  host.advance(std::min<std::uint64_t>(static_cast<std::uint64_t>(moved), 5'000) * faster /
                               1'000);
              }
          }) {}
    ~Crank() {
        over_ = true;
        thread_.join();
    }
    Crank(const Crank&) = delete;
    Crank& operator=(const Crank&) = delete;

  private:
    std::atomic<bool> over_{false};
    std::thread thread_;
};

class GovernorBench : public ::testing::Test {
  protected:
    static constexpr std::uint64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms;

    wfc::testhost::TestHost host;
    const std::string account = governor_account("smtp.example.org", "alice@example.org");
    const std::string windows_key = "governor/" + account + "/windows";

    wfc::Host services() const { return wfc::Host(host.table()); }
    /// Another one is another process, as far as a governor can tell.
    std::shared_ptr<Governor> process(const Limits& limits) const {
        return Governor::apart(account, limits, services());
    }
    net::Patience patience(std::uint64_t ms, std::function<bool()> cancelled = {}) const {
        const wfc::Clock clock = services().clock();
        return {clock, std::move(cancelled), clock.monotonic_ms() + ms};
    }

    /// Sends messages that take no time; how many, until one would have to wait longer than `patience_ms`.
    std::size_t sends(Governor& governor, std::uint64_t patience_ms = 1, std::size_t most = 1'000,
                      std::size_t recipients = 1) const {
        std::size_t sent = 0;
        try {
            for (; sent < most; ++sent) governor.admit(recipients, patience(patience_ms)).done();
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.facts().condition.rfind("limit.", 0), 0u) << failure.facts().sentence;
        }
        return sent;
    }
    /// The facts of the failure that `admit` ends with.
    Facts refusal(Governor& governor, std::uint64_t patience_ms = 1, std::size_t recipients = 1) const {
        try {
            governor.admit(recipients, patience(patience_ms));
        } catch (const Failure& failure) {
            return failure.facts();
        }
        ADD_FAILURE() << "the message was admitted";
        return {};
    }
    bool logged(const std::string& event) const {
        for (const auto& seen : host.events()) {
            if (seen.id == event) return true;
        }
        return false;
    }
};

}  // namespace mailsend::governor::test
