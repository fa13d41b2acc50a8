/// The connections of one account, shared by the calls of a component that run at the same time.
///
/// Guarantees: a session is used by whoever signs in as it did, and by nobody else; never more connections
/// than allowed, nor more messages on one; an idle one is used only where its server has kept silent; a 421
/// retires a connection without failing what had not started. Another connection is opened where none is
/// free for a moment (20 ms), not before. No thread of its own: idle connections end when the next call
/// comes, or by close(). What its server once did not keep to is remembered. Does not judge what became of a
/// message (SmtpTransport).
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "delivery/identity.hpp"
#include "delivery/line.hpp"
#include "delivery/transport.hpp"

namespace mailsend::delivery {

struct PoolTerms {
    unsigned connections = 4;
    unsigned messages_per_connection = 100;
    std::uint64_t idle_timeout_ms = 10'000;  ///< 0: none is kept once nobody is left in the pool
    unsigned in_flight = 8;                  ///< transactions on one connection whose reply is awaited
};

/// Any thread. Ends after its visits, and closes everything.
class Pool {
  public:
    explicit Pool(const PoolTerms& terms);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Takes leave of the servers on connections that nobody uses. Never waits for one.
    void close() noexcept;

    class Visit;

  private:
    class Group;
    using Lock = Line::Lock;

    std::shared_ptr<Line> line_for(Visit& visit, const std::shared_ptr<Turn>& turn, const Order& order,
                                   const net::Patience& patience);
    bool has_room(Group& group);
    void open(Lock& lock, Visit& visit, const Order& order, const net::Patience& patience);
    void forget_idle(std::uint64_t now_ms, std::uint64_t longest_ms);
    void close_left(Lock& lock) noexcept;

    const PoolTerms terms_;
    const Identities identities_{};
    std::mutex mutex_{};
    std::map<Identity, std::unique_ptr<Group>> groups_;
    std::vector<std::shared_ptr<Line>> left_;  ///< nobody speaks on them any more; to be closed
    unsigned connections_ = 0;                 ///< open, or being opened
    unsigned visits_ = 0;
    std::uint64_t lockstep_until_ms_ = 0;
    std::uint64_t unchunked_until_ms_ = 0;
};

/// One call's use of a pool. One thread.
class Pool::Visit {
  public:
    /// Both must outlive it.
    Visit(Pool& pool, const Route& route);
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    /// One that is signed in as the route says, though others may speak on it; opens one where there is none
    /// and waits where there may be no more. Throws as SignIn::open and Order::leave,
    /// Failure(connect, "limit.connections"), and "deadline.passed" where the only ones are being opened.
    std::shared_ptr<Line> reach(const Order& order, const net::Patience& patience);

    /// Gives `turn` to a line (Turn::line), on which it is then to be run. Throws as reach; then no line has
    /// it.
    void enter(const std::shared_ptr<Turn>& turn, const Order& order, const net::Patience& patience);

    /// There are more calls than connections: one has to wait for the other.
    bool crowded() const noexcept;

    /// After a turn was run.
    void tidy() noexcept;

    /// What the server offers and does not keep to is not made use of for an hour, or where that is only
    /// `suspected`, for ten minutes. RFC 3030 depends on RFC 2920.
    void distrust(smtp::Flow flow, bool suspected) noexcept;

    /// The last connection that this visit has opened, or tried to. Null: none.
    const std::shared_ptr<Line>& opened() const noexcept { return opened_; }
    void forget_opened() noexcept { opened_.reset(); }
    /// To be tried after all others when the next one is opened.
    std::set<std::string> avoided{};

  private:
    friend class Pool;

    Pool& pool_;
    const Route& route_;
    Group* group_;
    std::shared_ptr<Line> opened_{};
};

}  // namespace mailsend::delivery
