/// The leave of one message to go.
///
/// Guarantees: the message counts from when it was admitted, and from when it was done where that is later:
/// a provider may count it at any moment in between. Whatever becomes of the message, it stays counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "governor/kept_windows.hpp"

namespace mailsend::governor {

/// One thread; movable. Ends before the host does.
class Passage {
  public:
    /// Of an account without such limits: counts nothing.
    Passage() = default;
    Passage(std::shared_ptr<KeptWindows> windows, const wfc::Host& host, const Counted& counted,
            std::uint64_t waited_ms);
    Passage(Passage&& other) noexcept = default;
    Passage& operator=(Passage&& other) noexcept {
        std::swap(windows_, other.windows_);
        std::swap(host_, other.host_);
        std::swap(counted_, other.counted_);
        std::swap(tried_ms_, other.tried_ms_);
        std::swap(waited_ms_, other.waited_ms_);
        return *this;
    }
    Passage(const Passage&) = delete;
    Passage& operator=(const Passage&) = delete;
    ~Passage() { done(); }

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
    std::shared_ptr<KeptWindows> windows_{};
    std::optional<wfc::Host> host_{};
    std::shared_ptr<Counted> counted_{};
    std::uint64_t tried_ms_ = 0;
    std::uint64_t waited_ms_ = 0;
};

}  // namespace mailsend::governor
