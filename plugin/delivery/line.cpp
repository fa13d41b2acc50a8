#include "delivery/line.hpp"

#include <algorithm>

#include "delivery/trouble.hpp"
#include "delivery/unlocked.hpp"

namespace mailsend::delivery {
namespace {

/// On a connection that was silent for longer, the server may have gone without a word: what is sent there
/// must not become an unknown outcome.
constexpr std::uint64_t stale_ms = 1'000;

/// A server that is silent for longer while replies are awaited gets nothing more to answer.
constexpr std::uint64_t prompt_ms = 1'000;

/// What a connection keeps of the route of the call that opened it.
Route kept(const Route& route) {
    Route copy;
    copy.endpoint = route.endpoint;
    copy.proxy = route.proxy;
    copy.provider = route.provider;
    copy.protection = route.protection;
    if (const auto& own = route.credentials)
        copy.credentials = {own->username, own->password.copy(), own->proof, own->host, own->port};
    copy.mechanism = route.mechanism;
    copy.renew = route.renew;
    copy.examine = route.examine;
    copy.allow_cleartext_auth = route.allow_cleartext_auth;
    copy.ehlo_name = route.ehlo_name;
    copy.pipelining = route.pipelining;
    copy.chunking = route.chunking;
    copy.certificate = route.certificate;
    copy.timeouts = route.timeouts;
    copy.trust = route.trust;
    copy.clock = route.clock;
    copy.egress = route.egress;
    copy.log = route.log;
    copy.hidden_addresses = route.hidden_addresses;
    copy.dial = route.dial;
    return copy;
}

Facts closed_by_others() {
    return Failure(Stage::mail, "conn.closed", "the connection was given up because of another message on it")
        .facts();
}

}  // namespace

Line::Line(const Route& route, std::mutex& mutex, TurnQueue& queue)
    : mutex_(mutex), queue_(queue), route_(kept(route)), sign_in_(route_) {}

void Line::open(const net::Patience& patience, const std::set<std::string>& avoided,
                const std::function<void(Stage)>& entered) {
    route_.entered = entered;
    try {
        sign_in_.open(patience, avoided);
    } catch (...) {
        route_.entered = nullptr;
        throw;
    }
    route_.entered = nullptr;  // the call that watches may be over before this connection is
    server_ = sign_in_.connection().server();
    moved_ms_ = heard_ms_ = route_.clock.monotonic_ms();
}

void Line::give_up(const net::Patience& patience) noexcept {
    sign_in_.connection().quit(patience);
    sign_in_.connection().drop();
    leave_.reset();
}

bool Line::takes(unsigned in_flight) const {
    if (!fit()) return false;
    if (turns_.empty()) return true;
    const smtp::Flow flow = session().flow();
    if (flow == smtp::Flow::lockstep || long_body_ || turns_.size() >= in_flight || !prompt()) return false;
    if (flow == smtp::Flow::chunked) return true;  // whoever has the pen will be done in a moment
    return pen_ == nullptr && turns_.back()->transaction.begun && session().may_begin();
}

/// The server answers what is on its way: what is begun behind a message that it hangs on would hang as long,
/// and end as unknown.
bool Line::prompt() const {
    if (turns_.empty() || !session().awaits_replies()) return true;
    const std::uint64_t since = std::max(moved_ms_, turns_.front()->since_ms);
    return route_.clock.monotonic_ms() - since <= prompt_ms;
}

bool Line::quiet() {
    try {
        return stream().heard() == net::Stream::Heard::nothing;
    } catch (const std::exception&) {
        return false;
    }
}

void Line::take(const std::shared_ptr<Turn>& turn) {
    const std::uint64_t now = route_.clock.monotonic_ms();
    turn->line = this;
    turn->reused = taken_++ > 0;
    turn->stale = now - heard_ms_ > stale_ms;
    turn->since_ms = now;
    turns_.push_back(turn);
}

void Line::run(Turn& turn, Call& call) {
    Lock lock(mutex_);
    const auto told = [&](const Facts& facts) {
        return sign_in_.connection().told(with_protocol(placed(facts, call.stage())));
    };
    try {
        try {
            while (!turn.transaction.done) {
                if (turn.unbegun) std::rethrow_exception(std::exchange(turn.unbegun, nullptr));
                check_standing(turn);
                if (!turn.transaction.done) serve(lock, turn, call);
            }
        } catch (...) {
            abandon(turn);
            throw;
        }
        settle_rest(lock, turn, call);
        remove(turn);
        lock.unlock();
        call.settle();
    } catch (const net::TimedOut& late) {
        call.settle();
        throw Failure(sign_in_.connection().told(timed_out(call.stage(), late.overall(), route_)));
    } catch (const Failure& failure) {
        call.settle();
        throw Failure(told(failure.facts()));
    } catch (...) {
        call.settle();
        throw;
    }
}

/// Does the next thing that is to be done for `turn`, or for all of them.
void Line::serve(Lock& lock, Turn& turn, Call& call) {
    const bool written = turn.transaction.begun;
    if (!written && !prompt()) throw GivenBack{};
    if (pen_ == nullptr) {
        if (!written && session().may_begin()) return begin(turn);
        if (written && due(turn)) {
            return turn.transaction.course.flow == smtp::Flow::chunked ? send_chunks(lock, turn, call)
                                                                       : send_data(lock, turn, call);
        }
        if (!dead_ && (!unsent_.empty() || !session().output().empty())) return flush(lock, turn, call);
    }
    if (!ear_ && session().awaits_replies()) return listen(lock, turn, call);
    wait(lock, turn, call);
}

/// Hears what is still to come once `turn` has settled (the reply to RSET), so that the next may begin.
void Line::settle_rest(Lock& lock, Turn& turn, Call& call) noexcept {
    try {
        if (turns_.size() > 1 || closing_ || !session().awaits_replies()) return;
        const net::Patience patience = call.patience.within(route_.timeouts.of(Stage::quit));
        Call rest(call.message, call.ending, patience, route_);
        {
            const Unlocked unlocked(lock);
            call.follow(Stage::quit);
        }
        while (!closing_ && turns_.size() == 1 && session().awaits_replies()) {
            if (patience.remaining_ms() == 0) throw net::TimedOut(false);
            if (pen_ == nullptr && !session().output().empty()) {
                flush(lock, turn, rest);
            } else if (!ear_) {
                listen(lock, turn, rest);
            } else {
                return;
            }
        }
    } catch (...) {  // the turn's result stands
        if (!lock.owns_lock()) lock.lock();
        closing_ = dead_ = true;
    }
}

/// Throws where this connection does nothing more for `turn`, unless its verdict stands already. Whose end of
/// data has left goes on listening.
void Line::check_standing(Turn& turn) {
    if (!closing_) return;
    const bool handed_over = turn.transaction.end_of_data_begun && !turn.transaction.shut_out;
    if (turn.transaction.decided() && (broken_ || !handed_over)) return session().abandon(turn.transaction);
    if (broken_) {
        if (handed_over || culprit_ == &turn) throw Failure(*broken_);
        throw Moved{*broken_};
    }
    if (!handed_over) throw Moved{closed_by_others()};
    if (!session().awaits_replies()) throw Failure(closed_by_others());
}

void Line::begin(Turn& turn) {
    session().begin(turn.transaction);
    turn.since_ms = route_.clock.monotonic_ms();
    turn.sent += session().output().size();
    // Replies to what was said before may come until it is written.
    unsent_ += session().output();
    session().written();
}

/// The commands of the next turn that waits, to be written together with what ends the one before it.
void Line::begin_next() {
    if (session().flow() != smtp::Flow::pipelined || !session().may_begin()) return;
    while (const std::shared_ptr<Turn> next = queue_.next(*this)) {
        try {
            return begin(*next);
        } catch (...) {
            next->unbegun = std::current_exception();
            next->wake.notify_one();
        }
    }
}

/// What was begun counts for its own turn already, the rest for `turn`, which writes it.
std::string Line::unsent(Turn& turn) {
    turn.sent += session().output().size();
    std::string bytes = std::exchange(unsent_, {});
    bytes += session().output();
    session().written();
    return bytes;
}

void Line::abandon(Turn& turn) noexcept {
    turn.line = nullptr;
    if (!turn.transaction.begun) --taken_;  // no message of this connection
    if (pen_ == &turn) {
        pen_ = nullptr;
        closing_ = dead_ = true;
    }
    if (turn.transaction.begun && !turn.transaction.done) {
        closing_ = true;
        turn.abandoned = true;
        session().abandon(turn.transaction);  // its call reads it from now on, without the lock
        for (const auto& other : turns_) other->wake.notify_one();
        pass_the_ear(turn);
        if (std::all_of(turns_.begin(), turns_.end(), [](const auto& one) { return one->abandoned; }))
            turns_.clear();
        return queue_.changed(*this);
    }
    remove(turn);
}

void Line::remove(const Turn& turn) noexcept {
    std::erase_if(turns_, [&](const auto& one) { return one.get() == &turn; });
    if (std::all_of(turns_.begin(), turns_.end(), [](const auto& one) { return one->abandoned; }) &&
        !turns_.empty()) {
        closing_ = true;
        turns_.clear();
    }
    if (!session().ready()) closing_ = true;
    if (!turns_.empty()) pass_the_ear(turn);
    queue_.changed(*this);
}

/// The body of `turn` may be sent.
bool Line::due(const Turn& turn) const {
    const smtp::Transaction& transaction = turn.transaction;
    if (transaction.done || transaction.end_of_data_begun || !session().may_send_body(transaction))
        return false;
    return !turn.stale || transaction.mail_answered;
}

void Line::close() noexcept {
    if (dead_) {
        sign_in_.connection().drop();
    } else {
        const std::uint64_t now = route_.clock.monotonic_ms();
        sign_in_.connection().leave({route_.clock, nullptr, now + route_.timeouts.of(Stage::quit)});
    }
    leave_.reset();
}

bool Line::usable() const {
    const std::lock_guard lock(mutex_);
    return fit();
}

smtp::Flow Line::flow() const {
    const std::lock_guard lock(mutex_);
    return session().flow();
}

void Line::keep_alive() noexcept {
    if (!leave_) return;
    const std::unique_lock lock(leave_mutex_, std::try_to_lock);
    if (lock.owns_lock()) leave_->keep_alive();
}

}  // namespace mailsend::delivery
