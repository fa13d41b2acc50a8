// How a call comes to a connection: a free one, a new one, or its place in the queue.
#include <algorithm>
#include <chrono>

#include "delivery/pool_group.hpp"
#include "delivery/trouble.hpp"
#include "delivery/unlocked.hpp"

namespace mailsend::delivery {
namespace {

/// A busy connection is waited for so long before another one is opened: a server that is near answers
/// several messages in that time, and to sign in takes longer.
constexpr std::uint64_t moment_ms = 20;

/// A server that did not take another connection is not asked for one again so soon.
constexpr std::uint64_t enough_ms = 10'000;

Failure all_in_use(unsigned limit) {
    return Failure(Stage::connect, "limit.connections",
                   "all connections that this account may have open at once (" + std::to_string(limit) +
                       ") were in use until the deadline")
        .with("limit", std::to_string(limit));
}

/// Tells whoever watches the call that it waits, from its first wait on.
class Queued {
  public:
    explicit Queued(const Order& order) : order_(order) {}
    ~Queued() { over(); }
    Queued(const Queued&) = delete;
    Queued& operator=(const Queued&) = delete;
    bool waits() {
        if (told_ || !order_.queued) return false;
        return told_ = true;
    }
    void tell() const { order_.queued(true); }
    void over() {
        if (std::exchange(told_, false)) order_.queued(false);
    }

  private:
    const Order& order_;
    bool told_ = false;
};

}  // namespace

/// Nothing is opened beside a connection that may come free in a moment.
std::shared_ptr<Line> Pool::line_for(Visit& visit, const std::shared_ptr<Turn>& turn, const Order& order,
                                     const net::Patience& patience) {
    Group& group = *visit.group_;
    Queued queued(order);
    Lock lock(mutex_);
    if (turn && turn->place == 0) turn->place = ++group.last_place;
    const std::uint64_t begun = patience.now_ms();
    std::uint64_t asked = begun;  ///< patience
    bool waits = false;
    const auto give_up = [&] {
        if (!turn) return;
        std::erase(group.waiting, turn);
        if (turn->line != nullptr) turn->line->abandon(*turn);
    };
    try {
        for (;;) {
            if (!turn) {
                if (auto line = group.fit_line()) return line;
            } else {
                if (turn->line != nullptr) return turn->line->shared_from_this();
                if (auto line = group.free_line(visit.opened_.get())) {
                    group.give(line, turn);
                    return line;
                }
            }
            const bool none = !group.fit_line();
            const std::uint64_t now = patience.now_ms();
            const bool more = now - begun >= moment_ms && now >= group.enough_until_ms;
            if ((more || (none && group.opening == 0)) && has_room(group)) {
                if (waits) std::erase(group.waiting, turn);
                waits = false;
                open(lock, visit, order, patience);
                continue;
            }
            if (!left_.empty()) {
                close_left(lock);
                continue;
            }
            if (turn && !waits) group.queue(turn);
            waits = turn != nullptr;
            if (queued.waits()) {
                const Unlocked unlocked(lock);
                queued.tell();
                continue;
            }
            const auto most = static_cast<std::uint64_t>(patience.slice_ms());
            const std::uint64_t slice = now - begun < moment_ms ? std::min(most, moment_ms) : most;
            std::condition_variable& wake = turn ? turn->wake : group.opened;
            const bool woken =
                wake.wait_for(lock, std::chrono::milliseconds(slice)) == std::cv_status::no_timeout;
            // Calls that come and go may wake this one all the time.
            if (woken && patience.now_ms() - asked < most) continue;
            asked = patience.now_ms();
            const Unlocked unlocked(lock);
            patience.check();
        }
    } catch (const net::TimedOut& late) {
        give_up();
        // Not in use: the server has let nobody in.
        if (group.lines.empty() && group.connecting > 0)
            throw Failure(located(timed_out(Stage::connect, late.overall(), visit.route_), visit.route_));
        throw all_in_use(terms_.connections);
    } catch (...) {
        give_up();
        throw;
    }
}

/// Where all connections are taken, an idle one that is signed in otherwise makes room.
bool Pool::has_room(Group& group) {
    if (connections_ < terms_.connections) return true;
    for (const auto& [identity, other] : groups_) {
        if (other.get() == &group) continue;
        const auto idle = std::find_if(other->lines.begin(), other->lines.end(),
                                       [](const auto& line) { return line->idle(); });
        if (idle != other->lines.end()) {
            other->drop(*idle);
            return false;  // once it is closed
        }
    }
    return false;
}

/// Opens one more. What goes wrong with it counts only where there is no other.
void Pool::open(Lock& lock, Visit& visit, const Order& order, const net::Patience& patience) {
    Group& group = *visit.group_;
    auto line = std::make_shared<Line>(visit.route_, mutex_, group);
    ++connections_;
    ++group.opening;
    std::exception_ptr failed;
    bool elsewhere = false, connecting = false;
    {
        const Unlocked unlocked(lock);
        try {
            if (order.leave) {
                auto leave = order.leave(patience, [&] {
                    const std::lock_guard look(mutex_);
                    return std::any_of(group.lines.begin(), group.lines.end(), [&](const auto& one) {
                        return one->takes(terms_.in_flight) && one->taken() < terms_.messages_per_connection;
                    });
                });
                elsewhere = !leave.has_value();
                if (leave) line->keep(std::move(*leave));
            }
            if (!elsewhere) {
                visit.opened_ = line;
                connecting = true;
                ++group.connecting;
                line->open(patience, visit.avoided, visit.route_.entered);
            }
        } catch (...) {
            failed = std::current_exception();
        }
    }
    --group.opening;
    if (connecting) --group.connecting;
    if (!failed && !elsewhere) {
        const std::uint64_t now = patience.now_ms();
        line->forgo(now < lockstep_until_ms_, now < unchunked_until_ms_);
        group.lines.push_back(std::move(line));
        group.opened.notify_all();
        return;
    }
    --connections_;
    group.stir();
    if (!failed) return;
    if (!group.fit_line()) std::rethrow_exception(failed);
    try {
        std::rethrow_exception(failed);
    } catch (const Failure&) {
        group.enough_until_ms = patience.now_ms() + enough_ms;
        if (visit.opened_) {
            const std::shared_ptr<Line> refused = std::exchange(visit.opened_, nullptr);
            const Unlocked unlocked(lock);
            refused->close();
        }
    }
}

}  // namespace mailsend::delivery
