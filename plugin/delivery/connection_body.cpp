// The body of a message on its way: written while it is composed, its end together with its last bytes.
#include "delivery/connection.hpp"
#include "smtp/dot_stuffing.hpp"

namespace mailsend::delivery {
namespace {

constexpr std::size_t chunk_size = 32 * 1024;
constexpr std::size_t write_size = 64 * 1024;

}  // namespace

void Connection::send_body(Message& message, const net::Patience& patience) {
    enter(Stage::data);
    smtp::DotStuffing stuffing;
    std::string chunk(chunk_size, '\0');
    std::string out;
    out.reserve(write_size + 2 * chunk_size);
    while (const std::size_t count = message.read(chunk.data(), chunk.size())) {
        patience.check();
        stuffing.append({chunk.data(), count}, out);
        if (out.size() < write_size) continue;
        if (!write_body(out, patience) || hear_early(patience)) return;
        out.clear();
    }
    // The dot leaves together with the last bytes: one packet less, and no wait between them.
    body_end_ = stream_->bytes_written() + out.size();
    out += stuffing.end();
    session_->end_of_data();
    enter(Stage::dot);
    write_body(out, patience);
}

/// False when the server has answered instead of taking all of it.
bool Connection::write_body(std::string_view bytes, const net::Patience& patience) {
    try {
        stream_->write(bytes, patience.within(route_.timeouts.data));
        return true;
    } catch (...) {
        broken_ = true;
        if (body_end_ && stream_->bytes_written() <= *body_end_) {
            session_->end_of_data_withheld();
            enter(Stage::data);
        }
        if (hear_early(patience)) return false;
        throw;
    }
}

/// Takes a refusal that did not wait for the end: a server may stop a message that grows too large, and then
/// stop reading, or hang up.
bool Connection::hear_early(const net::Patience& patience) {
    while (stream_->has_pending_input()) {
        try {
            if (!receive(patience.within(1))) return false;
        } catch (const net::TimedOut&) {
            return false;  // session tickets, or a part of a reply
        }
        if (session_->want() == smtp::Session::Want::nothing) return true;
    }
    return false;
}

}  // namespace mailsend::delivery
