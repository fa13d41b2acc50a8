/// The leave of one message to go.
///
/// Guarantees: the message counts from when it was admitted, and from when it was done where that is later:
/// a provider may count it at any moment in between. Whatever becomes of the message, it stays counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "governor/gate.hpp"

namespace mailsend::governor {

/// One thread; movable. Ends before the host does.
class Passage {
  public:
    /// Of an account without such limits: counts nothing.
    Passage() = default;
    /// Of a message that is in flight from now on, and is to be admitted.
    Passage(std::shared_ptr<Gate> gate, const wfc::Host& host) : gate_(std::move(gate)), host_(host) {
        gate_->enter();
    }
    Passage(Passage&& other) noexcept = default;
    Passage& operator=(Passage&& other) noexcept {
        std::swap(gate_, other.gate_);
        std::swap(host_, other.host_);
        std::swap(counted_, other.counted_);
        std::swap(tried_ms_, other.tried_ms_);
        std::swap(waited_ms_, other.waited_ms_);
        return *this;
    }
    Passage(const Passage&) = delete;
    Passage& operator=(const Passage&) = delete;
    ~Passage() { done(); }

    void admitted(const Counted& counted, std::uint64_t waited_ms);
    /// To be called again and again while the message is on its way, so that one that takes longer than a
    /// minute goes on counting. Asks the store every 20 s.
    void keep_alive() noexcept;
    /// The server has answered, or nobody waits for its answer any more: counts at this time. Delays by half
    /// a second at most when the store does not work, and by what that takes to say so. The destructor does
    /// it too.
    void done() noexcept;

    /// How long it was waited for.
    std::uint64_t waited_ms() const noexcept { return waited_ms_; }

  private:
    std::shared_ptr<Gate> gate_{};
    std::optional<wfc::Host> host_{};
    std::shared_ptr<Counted> counted_{};  ///< null: not admitted yet
    std::uint64_t tried_ms_ = 0;
    std::uint64_t waited_ms_ = 0;
};

}  // namespace mailsend::governor
