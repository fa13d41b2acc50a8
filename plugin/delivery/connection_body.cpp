// The body of a message on its way: written while it is composed. Its end leaves together with its last
// bytes, but alone where somebody has to note first that it is about to leave.
#include "delivery/connection.hpp"
#include "smtp/dot_stuffing.hpp"

namespace mailsend::delivery {
namespace {

constexpr std::size_t chunk_size = 32 * 1024;
constexpr std::size_t write_size = 64 * 1024;

}  // namespace

void Connection::send_body(smtp::Transaction& transaction, Message& message, const Ending& ending,
                           const net::Patience& patience) {
    enter(Stage::data);
    smtp::DotStuffing stuffing;
    std::string chunk(chunk_size, '\0');
    std::string out;
    out.reserve(write_size + 2 * chunk_size);
    while (const std::size_t count = message.read(chunk.data(), chunk.size())) {
        patience.check();
        stuffing.append({chunk.data(), count}, out);
        if (out.size() < write_size) continue;
        if (!write_body(transaction, out, patience) || stopped_early(transaction, patience)) return;
        out.clear();
    }
    if (ending) {
        // What is noted costs time, and so it is done while the last bytes travel; what goes wrong with them
        // in that time still leaves no doubt.
        if (!write_body(transaction, out, patience) || stopped_early(transaction, patience)) return;
        out.clear();
        note_ending(ending);
    }
    if (stopped_early(transaction, patience)) return;
    body_end_ = stream_->bytes_written() + out.size();
    // In one write: one packet less, and no wait between them.
    out += stuffing.end();
    session_->end_of_data(transaction);
    enter(Stage::dot);
    write_body(transaction, out, patience);
}

void Connection::note_ending(const Ending& ending) {
    try {
        ending();
    } catch (...) {
        broken_ = true;  // the server must not even get a QUIT that it might take for more of the body
        throw;
    }
}

/// False when the server has answered instead of taking all of it.
bool Connection::write_body(smtp::Transaction& transaction, std::string_view bytes,
                            const net::Patience& patience) {
    try {
        stream_->write(bytes, patience.within(route_.timeouts.data));
        return true;
    } catch (...) {
        broken_ = true;
        if (body_end_ && stream_->bytes_written() <= *body_end_) {
            session_->end_of_data_withheld(transaction);
            enter(Stage::data);
        }
        if (hear_early(transaction, patience) == Peer::answered) return false;
        throw;
    }
}

/// Between two writes: true when the server has answered already. Throws when it is gone, so that what it
/// cannot answer any more is not sent.
bool Connection::stopped_early(const smtp::Transaction& transaction, const net::Patience& patience) {
    const Peer peer = hear_early(transaction, patience);
    if (peer == Peer::gone) {
        broken_ = true;
        session_->closed_by_peer();
    }
    return peer == Peer::answered;
}

/// Takes a refusal that did not wait for the end: a server may stop a message that grows too large, and then
/// stop reading, or hang up.
Connection::Peer Connection::hear_early(const smtp::Transaction& transaction, const net::Patience& patience) {
    for (;;) {
        // In this order: what was said before the end is there to be read by then.
        const bool ended = stream_->ended();
        if (!ended && !stream_->has_pending_input()) return Peer::silent;
        try {
            if (!receive(patience.within(1))) return Peer::gone;
        } catch (const net::TimedOut&) {
            return Peer::silent;  // session tickets, or a part of a reply
        }
        if (transaction.done) return Peer::answered;
    }
}

}  // namespace mailsend::delivery
