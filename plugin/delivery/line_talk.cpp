// Commands and replies on a connection that several calls share: one thread writes, one reads for all.
#include <algorithm>
#include <array>

#include "delivery/line.hpp"
#include "delivery/unlocked.hpp"

namespace mailsend::delivery {
namespace {

constexpr std::uint64_t longest_slice_ms = 200;
constexpr std::uint64_t last_words_ms = 1'000;

/// Grows with each reply.
std::size_t mark_of(const smtp::Transaction& transaction) noexcept {
    return std::size_t{transaction.mail_answered} + transaction.recipient_replies.size() +
           std::size_t{transaction.full.has_value()} + std::size_t{transaction.body_begun} +
           std::size_t{transaction.refusal.has_value()} + std::size_t{transaction.done};
}

}  // namespace

/// Writes what the session has to say.
void Line::flush(Lock& lock, Turn& turn, Call& call) {
    const std::string bytes = unsent(turn);
    pen_ = &turn;
    const Stage stage = turn.transaction.stage;
    std::exception_ptr failed;
    {
        const Unlocked unlocked(lock);
        try {
            call.follow(stage);
            stream().write(bytes, call.patience.within(route_.timeouts.of(stage)));
        } catch (...) {
            failed = std::current_exception();
        }
    }
    pen_ = nullptr;
    if (!failed) return pass_the_pen();
    // A server that refuses and hangs up resets what we write next; its last words are still there to be
    // read.
    closing_ = dead_ = true;
    try {
        std::rethrow_exception(failed);
    } catch (const Failure& failure) {
        const net::Patience patience = call.patience.within(last_words_ms);
        Call rest(call.message, call.ending, patience, route_);
        while (!broken_ && !turn.transaction.done && !ear_ && patience.remaining_ms() > 0) {
            try {
                listen(lock, turn, rest);
            } catch (const net::TimedOut&) {
                break;
            }
        }
        if (!broken_ && !ear_) broken(failure.facts());  // else whoever reads hears the rest, and the end
    }
}

/// Reads once, for all.
void Line::listen(Lock& lock, Turn& turn, Call& call) {
    const bool begun = turn.transaction.begun;
    const Stage stage = turn.transaction.stage;
    const std::uint64_t slice = slice_ms(turn);
    std::array<char, 4096> bytes;
    std::size_t count = 0;
    std::exception_ptr failed;
    ear_ = true;
    {
        const Unlocked unlocked(lock);
        try {
            if (begun) call.follow(stage);
            keep_alive();
            count = stream().read(bytes.data(), bytes.size(), call.patience.within(slice));
        } catch (...) {
            failed = std::current_exception();
        }
    }
    ear_ = false;
    if (failed) {
        try {
            std::rethrow_exception(failed);
        } catch (const net::TimedOut& late) {
            if (late.overall() || slice_ms(turn) == 0) throw;
            return;
        } catch (const Failure& failure) {
            if (session().leaving()) return hung_up();  // with octets that it did not read any more
            dead_ = true;
            session().lost();
            return broken(failure.facts());
        }
    }
    if (count == 0) {
        hung_up();
    } else {
        hear({bytes.data(), count});
    }
    if (turn.transaction.done || due(turn)) pass_the_ear(turn);
}

void Line::hear(std::string_view bytes) {
    heard_ms_ = route_.clock.monotonic_ms();
    for (const auto& turn : turns_) {
        if (turn->transaction.done || turn->abandoned) continue;
        turn->received += bytes.size();
        break;
    }
    try {
        session().received(bytes);
    } catch (const Failure& failure) {
        broken(failure.facts());
    }
    settle();
}

void Line::hung_up() {
    dead_ = true;
    try {
        session().closed_by_peer();
        broken(Failure(Stage::mail, "conn.closed", "the server closed the connection").facts());
    } catch (const Failure& failure) {
        broken(failure.facts());
    }
}

/// Nothing more will be heard. Whoever is next to be answered is told why, nobody else has to do with it.
void Line::broken(const Facts& facts) {
    closing_ = true;
    if (broken_) return;
    broken_ = facts;
    const auto first = std::find_if(turns_.begin(), turns_.end(), [](const auto& turn) {
        return turn->transaction.begun && !turn->transaction.done;
    });
    if (first != turns_.end()) culprit_ = first->get();
    for (const auto& turn : turns_) turn->wake.notify_one();
}

/// Wakes those whose transaction has come to where their thread has something to do.
void Line::settle() {
    for (const auto& turn : turns_) {
        const std::size_t mark = mark_of(turn->transaction);
        if (mark == turn->mark) continue;
        turn->mark = mark;
        moved_ms_ = heard_ms_;
        if (turn->transaction.done || due(*turn)) turn->wake.notify_one();
    }
    if (session().ready() || closing_) return;
    closing_ = true;
    unsent_.clear();
    for (const auto& turn : turns_) turn->wake.notify_one();
}

/// Somebody else must read from now on: the first who waits for a reply.
void Line::pass_the_ear(const Turn& from) {
    if (ear_) return;
    for (const auto& turn : turns_) {
        if (turn.get() == &from || turn.get() == pen_ || turn->abandoned || turn->transaction.done) continue;
        turn->wake.notify_one();
        return;
    }
}

/// Wakes the first whose commands are still to be written, or whose body became due while another wrote.
void Line::pass_the_pen() {
    for (const auto& turn : turns_) {
        if (turn->abandoned || (turn->transaction.begun && !due(*turn))) continue;
        turn->wake.notify_one();
        return;
    }
}

/// How long this turn may sleep: until its stage's time is up, or that of whoever is answered first, where
/// that is more; it begins anew with each reply. 0: it is.
std::uint64_t Line::slice_ms(const Turn& turn) const {
    if (!turn.transaction.begun) return longest_slice_ms;
    const std::uint64_t longest =
        std::max(route_.timeouts.of(turn.transaction.stage), route_.timeouts.of(session().stage()));
    const std::uint64_t end = std::max(moved_ms_, turn.since_ms) + longest;
    const std::uint64_t now = route_.clock.monotonic_ms();
    return end > now ? std::min(end - now, longest_slice_ms) : 0;
}

void Line::wait(Lock& lock, Turn& turn, Call& call) {
    const std::uint64_t slice =
        std::min<std::uint64_t>(slice_ms(turn), static_cast<std::uint64_t>(call.patience.slice_ms()));
    if (slice > 0 && turn.wake.wait_for(lock, std::chrono::milliseconds(slice)) == std::cv_status::no_timeout)
        return;
    {
        const Unlocked unlocked(lock);
        keep_alive();
        call.patience.check();
    }
    if (slice_ms(turn) == 0) throw net::TimedOut(false);
}

/// While a body is being sent: takes a refusal that did not wait for the end. A server may stop a message
/// that grows too large, and then stop reading, or hang up.
Line::Peer Line::hear_early(Lock& lock, Turn& turn, Call& call) {
    const auto settled = [&] { return turn.transaction.done || turn.transaction.decided(); };
    for (;;) {
        if (settled()) return Peer::answered;
        if (broken_) return Peer::gone;
        if (ear_) return Peer::silent;  // whoever has it hears for us
        std::array<char, 4096> bytes;
        std::size_t count = 0;
        bool silent = false;
        std::exception_ptr failed;
        ear_ = true;
        {
            const Unlocked unlocked(lock);
            try {
                silent = stream().heard() == net::Stream::Heard::nothing;
                if (!silent) count = stream().read(bytes.data(), bytes.size(), call.patience.within(1));
            } catch (const net::TimedOut&) {
                silent = true;  // session tickets, or a part of a reply
            } catch (...) {
                failed = std::current_exception();
            }
        }
        ear_ = false;
        if (failed) {
            dead_ = true;
            std::rethrow_exception(failed);
        }
        if (silent) {
            pass_the_ear(turn);
            return Peer::silent;
        }
        if (count == 0) return Peer::gone;
        hear({bytes.data(), count});
    }
}

}  // namespace mailsend::delivery
