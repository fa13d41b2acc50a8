/// Plays the server of a transcript on a loopback port.
///
/// Guarantees: says nothing that the transcript does not say; every line that was not reached, every line of
/// the client that is not in the transcript and every connection too many is a complaint. Everything has
/// ended when `finish` returns.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "inbox/listener.hpp"
#include "inbox/tls.hpp"
#include "transcript/transcript.hpp"

namespace transcript {

class Player {
  public:
    /// Borrows both until it ends.
    Player(const Transcript& transcript, const inbox::ServerTls& tls);

    std::uint16_t port() const noexcept { return port_; }
    /// Waits until the server stands still, so that the client waits for it: at `silence`, `swallow`,
    /// `delay`. False when that does not come in time.
    bool await_standstill(std::chrono::milliseconds at_most);
    /// Call it when the client has ended. Sentences about everything that went otherwise than written.
    std::vector<std::string> finish();
    /// Both sides as they spoke, for people who look for a fault.
    std::string heard() const;

  private:
    void serve(inbox::Wire& wire);
    void play(inbox::Wire& wire, std::size_t connection, std::size_t& next);
    void expect_end(inbox::Wire& wire);
    void stand_still();
    void complain(const std::string& sentence);
    void note(std::string_view who, std::string_view text);

    const Transcript& transcript_;
    const inbox::ServerTls& tls_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stands_still_ = false;
    std::size_t connected_ = 0;
    std::vector<std::size_t> reached_;  ///< lines played, by connection
    std::vector<std::string> complaints_;
    std::string heard_;
    std::uint16_t port_ = 0;
    inbox::Listener listener_;
};

}  // namespace transcript
