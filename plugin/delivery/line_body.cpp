// The body of a message on its way: written while it is composed. Its end leaves together with its last
// bytes and with the next message's commands, but without the bytes where somebody has to note first that it
// is about to leave.
#include "delivery/line.hpp"
#include "delivery/unlocked.hpp"
#include "smtp/dot_stuffing.hpp"

namespace mailsend::delivery {
namespace {

constexpr std::size_t chunk_size = 32 * 1024;
constexpr std::size_t write_size = 64 * 1024;

}  // namespace

/// RFC 5321 section 4.1.1.4: stuffed, to the dot.
void Line::send_data(Lock& lock, Turn& turn, Call& call) {
    pen_ = &turn;
    const std::uint64_t begun = stream().bytes_written();
    smtp::DotStuffing stuffing;
    std::string out;
    {
        const Unlocked unlocked(lock);
        call.follow(Stage::data);
    }
    const auto finish = [&] {
        turn.sent += stream().bytes_written() - begun;
        pen_ = nullptr;
        queue_.changed(*this);
    };
    bool written = false;
    const auto write_out = [&] {
        if (!write_body(lock, turn, call, out, std::nullopt) || stopped_early(lock, turn, call)) return false;
        written = true;
        out.clear();
        return true;
    };
    {
        std::string chunk(chunk_size, '\0');
        for (;;) {
            {
                const Unlocked unlocked(lock);
                while (out.size() < write_size) {
                    const std::size_t count = call.message.read(chunk.data(), chunk.size());
                    if (count == 0) break;
                    call.patience.check();
                    stuffing.append({chunk.data(), count}, out);
                }
            }
            if (out.size() < write_size) break;
            if (!write_out()) return finish();
        }
    }
    if (call.ending) {
        // What is noted costs time, and so it is done while the last bytes travel; what goes wrong with them
        // in that time still leaves no doubt.
        if (!write_out()) return finish();
        const Unlocked unlocked(lock);
        call.ending();
    }
    if (written && stopped_early(lock, turn, call)) return finish();
    if (turn.transaction.done || closing_) return finish();
    const std::uint64_t body_end = stream().bytes_written() + out.size();
    // In one write: one packet less, and no wait between them.
    out += stuffing.end();
    session().end_of_data(turn.transaction);
    turn.since_ms = route_.clock.monotonic_ms();
    turn.sent += out.size();
    const std::uint64_t before = stream().bytes_written();
    begin_next();
    out += unsent();
    write_body(lock, turn, call, out, body_end);
    turn.sent += before - begun;
    pen_ = nullptr;
    queue_.changed(*this);
}

/// RFC 3030: as it is, in chunks of known size.
void Line::send_chunks(Lock& lock, Turn& turn, Call& call) {
    pen_ = &turn;
    std::string chunk(write_size, '\0');
    std::size_t size = 0;
    bool last = false, ended = false, written = false;
    std::string out;
    const auto over = [&] {
        long_body_ = false;
        pen_ = nullptr;
        queue_.changed(*this);
    };
    while (!last) {
        {
            const Unlocked unlocked(lock);
            call.follow(Stage::data);
            while (!ended && size < chunk.size()) {
                const std::size_t count = call.message.read(chunk.data() + size, chunk.size() - size);
                ended = count == 0;
                size += count;
                call.patience.check();
            }
        }
        // Where the end has to be noted first, the body travels meanwhile and an empty chunk ends it.
        last = ended && (!call.ending || size == 0);
        if (last && call.ending) {
            const Unlocked unlocked(lock);
            call.ending();
        }
        if (closing_) return over();
        if (turn.transaction.decided() || (written && stopped_early(lock, turn, call))) {
            if (session().may_send_body(turn.transaction)) session().give_up(turn.transaction);
            return over();
        }
        session().chunk(turn.transaction, size, last);
        out = unsent();
        std::optional<std::uint64_t> body_end;
        if (last) {
            turn.since_ms = route_.clock.monotonic_ms();
            // The server has the message with the last octet of its last chunk, and not before.
            body_end = stream().bytes_written() + out.size() + (size > 0 ? size - 1 : 0);
            if (size == 0) body_end = *body_end - 1;
        }
        out.append(chunk.data(), size);
        turn.sent += out.size();
        size = 0;
        if (!write_body(lock, turn, call, out, body_end)) return over();
        written = true;
        long_body_ = !last;
    }
    over();
}

/// False when the server has answered instead of taking all of it.
bool Line::write_body(Lock& lock, Turn& turn, Call& call, std::string_view bytes,
                      std::optional<std::uint64_t> body_end) {
    std::exception_ptr failed;
    {
        const Unlocked unlocked(lock);
        try {
            if (body_end) call.follow(Stage::dot);
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
    if (body_end && stream().bytes_written() <= *body_end && turn.transaction.end_of_data_begun)
        session().end_of_data_withheld(turn.transaction);
    if (hear_early(lock, turn, call) == Peer::answered) return false;
    std::rethrow_exception(failed);
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
