/// The connections that are signed in alike, and the turns that wait for one.
#pragma once

#include <atomic>

#include "delivery/pool.hpp"

namespace mailsend::delivery {

/// All under the pool's mutex.
class Pool::Group final : public TurnQueue {
  public:
    explicit Group(Pool& pool) : pool_(pool) {}
    virtual ~Group() = default;

    std::shared_ptr<Turn> next(Line& line) override;
    void changed(Line& line) override;

    /// One on which a turn may be begun, `first` before all others; null: none.
    std::shared_ptr<Line> free_line(const Line* first);
    /// One that takes turns, now or later; null: none.
    std::shared_ptr<Line> fit_line() const;
    /// In the order of their places.
    void queue(const std::shared_ptr<Turn>& turn);
    void give(const std::shared_ptr<Line>& line, const std::shared_ptr<Turn>& turn);
    void drop(std::shared_ptr<Line> line);
    /// Wakes whoever may open a connection now.
    void stir();
    bool empty() const noexcept { return lines.empty() && waiting.empty() && visits == 0; }

    std::vector<std::shared_ptr<Line>> lines{};
    std::deque<std::shared_ptr<Turn>> waiting{};
    std::condition_variable opened{};  ///< or not, or closed
    unsigned opening = 0;
    std::atomic<unsigned> connecting = 0;  ///< of those, that have the leave to; not locked
    unsigned visits = 0;
    std::uint64_t last_place = 0;
    std::uint64_t enough_until_ms = 0;  ///< the server did not want another one

  private:
    bool worn_out(const Line& line) const { return line.taken() >= pool_.terms_.messages_per_connection; }

    Pool& pool_;
};

}  // namespace mailsend::delivery
