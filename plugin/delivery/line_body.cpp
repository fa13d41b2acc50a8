// The body of a message on its way: written while it is composed. Its end leaves together with its last
// bytes and with the next message's commands, but without the bytes where somebody has to note first that it
// is about to leave.
#include "delivery/line.hpp"
#include "delivery/unlocked.hpp"

namespace mailsend::delivery {

smtp::BodyBuffer& Line::begin_body(Lock& lock, Call& call, smtp::BodyBuffer::Form form) {
    const Unlocked unlocked(lock);
    call.follow(Stage::data);
    return call.begin_body(form);
}

void Line::fill(Lock& lock, Call& call) {
    const Unlocked unlocked(lock);
    call.fill();
}

void Line::note_ending(Lock& lock, const Turn& turn, Call& call) {
    const std::vector<std::size_t> places = turn.transaction.not_refused();
    const Unlocked unlocked(lock);
    call.ending(places);
    call.noted = true;
}

/// RFC 5321 section 4.1.1.4: stuffed, to the dot.
void Line::send_data(Lock& lock, Turn& turn, Call& call) {
    pen_ = &turn;
    smtp::BodyBuffer& buffer = begin_body(lock, call, smtp::BodyBuffer::Form::dot_stuffed);
    bool written = false;
    const auto write_out = [&] {
        turn.sent += buffer.view().size();
        written = long_body_ = true;
        return write_body(lock, turn, call, buffer.view(), {}) && !stopped_early(lock, turn, call);
    };
    for (; !buffer.ended(); fill(lock, call)) {
        if (!write_out()) return put_pen_down();
    }
    if (call.owes_note()) {
        // What is noted costs time, and so it is done while the last bytes travel; what goes wrong with them
        // in that time still leaves no doubt.
        if (!write_out()) return put_pen_down();
        buffer.drop();
        note_ending(lock, turn, call);
    }
    if (written && stopped_early(lock, turn, call)) return put_pen_down();
    if (turn.transaction.done || closing_) return put_pen_down();
    const std::uint64_t body_end = stream().bytes_written() + buffer.view().size();
    // In one write: one packet less, and no wait between them.
    buffer.end_of_data();
    turn.sent += buffer.view().size();
    session().end_of_data(turn.transaction);
    turn.since_ms = route_.clock.monotonic_ms();
    begin_next();
    const std::string behind = unsent(turn);
    const bool together = buffer.put_behind(behind);
    if (write_body(lock, turn, call, buffer.view(), body_end) && !together)
        write_body(lock, turn, call, behind, {});
    put_pen_down();
}

/// RFC 3030: as it is, in chunks of known size.
void Line::send_chunks(Lock& lock, Turn& turn, Call& call) {
    pen_ = &turn;
    long_body_ = !call.whole();  // what is still to be read may take its time
    smtp::BodyBuffer& buffer = begin_body(lock, call, smtp::BodyBuffer::Form::plain);
    for (bool last = false, written = false; !last; written = true) {
        if (written) fill(lock, call);
        // Where the end has to be noted first, the body travels meanwhile and an empty chunk ends it.
        last = buffer.ended() && (!call.owes_note() || buffer.octets() == 0);
        if (last && call.owes_note()) {
            long_body_ = true;
            note_ending(lock, turn, call);
        }
        if (closing_) return put_pen_down();
        if (turn.transaction.decided() || (written && stopped_early(lock, turn, call))) {
            if (session().may_send_body(turn.transaction)) session().give_up(turn.transaction);
            return put_pen_down();
        }
        session().chunk(turn.transaction, buffer.octets(), last);
        turn.sent += buffer.octets();
        const std::string before = unsent(turn);
        const bool together = buffer.put_in_front(before);
        std::optional<std::uint64_t> body_end;
        if (last) {
            turn.since_ms = route_.clock.monotonic_ms();
            // The server has the message with the last octet, and not before.
            const std::size_t all = buffer.view().size() + (together ? 0 : before.size());
            body_end = stream().bytes_written() + all - 1;
        }
        long_body_ = !last;
        if (!together && !write_body(lock, turn, call, before, body_end)) return put_pen_down();
        if (!buffer.view().empty() && !write_body(lock, turn, call, buffer.view(), body_end))
            return put_pen_down();
    }
    put_pen_down();
}

void Line::put_pen_down() {
    long_body_ = false;
    pen_ = nullptr;
    pass_the_pen();
    queue_.changed(*this);
}

/// False when the server has answered instead of taking all of it. `end`: of what may be written without the
/// server having the message.
bool Line::write_body(Lock& lock, Turn& turn, Call& call, std::string_view bytes,
                      std::optional<std::uint64_t> end) {
    std::exception_ptr failed;
    {
        const Unlocked unlocked(lock);
        try {
            if (end) call.follow(Stage::dot);
            if (leave_) {
                const net::Patience pulsed = call.patience.with_pulse([this] { keep_alive(); });
                stream().write(bytes, pulsed.within(route_.timeouts.data));
            } else {
                stream().write(bytes, call.patience.within(route_.timeouts.data));
            }
        } catch (...) {
            failed = std::current_exception();
        }
    }
    if (!failed) return true;
    closing_ = dead_ = true;
    if (end && stream().bytes_written() <= *end) {
        if (turn.transaction.course.flow == smtp::Flow::chunked) {
            turn.transaction.end_of_data_begun = false;  // what was said before it may still be answered
        } else {
            session().end_of_data_withheld(turn.transaction);
        }
    }
    if (hear_early(lock, turn, call) == Peer::answered) return false;
    if (!turn.transaction.end_of_data_begun) std::rethrow_exception(failed);
    try {
        std::rethrow_exception(failed);
    } catch (const Failure&) {
        return false;  // handed over: the reply may be on its way to whoever listens
    }
}

/// Between two writes: true when the server has answered already. Throws when it is gone, so that what it
/// cannot answer any more is not sent.
bool Line::stopped_early(Lock& lock, Turn& turn, Call& call) {
    const Peer peer = hear_early(lock, turn, call);
    if (peer == Peer::gone) {
        hung_up();
        throw Failure(*broken_);
    }
    return peer == Peer::answered;
}

}  // namespace mailsend::delivery
