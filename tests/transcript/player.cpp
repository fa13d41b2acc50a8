#include "transcript/player.hpp"

#include <algorithm>
#include <re2/re2.h>

#include "inbox/dots.hpp"

namespace transcript {
namespace {

using inbox::Got;

constexpr auto patience = std::chrono::seconds(20);
constexpr std::size_t max_line = 64 * 1024;
constexpr std::size_t max_message = 64u << 20;

/// The connection goes on otherwise than written; the sentence says how.
struct Departure {
    std::string sentence;
};

std::string shown(std::string_view bytes) {
    std::string out;
    for (const char c : bytes.substr(0, 300)) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr std::string_view digits = "0123456789abcdef";
        if (byte >= 0x20 && byte != 0x7f) {
            out += c;
        } else {
            out.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
        }
    }
    return out + (bytes.size() > 300 ? "…" : "");
}

std::string why(Got got) {
    switch (got) {
        case Got::end:
            return "the client closed the connection";
        case Got::reset:
            return "the client reset the connection";
        case Got::timeout:
            return "the client said nothing for 20 s";
        case Got::stopped:
            return "the client had ended";
        case Got::too_long:
            return "the client sent a line over 64 KiB";
        case Got::bare_lf:
            return "the client ended a line with LF alone";
        case Got::bytes:
            break;
    }
    return "the client said something";
}

std::string heard_line(inbox::Wire& wire) {
    std::string line;
    const Got got = wire.read_line(line, max_line, patience);
    if (got != Got::bytes) throw Departure{why(got)};
    return line;
}

std::string heard_bytes(inbox::Wire& wire, const std::string& expression) {
    const re2::RE2 wanted(expression);
    while (!re2::RE2::FullMatch(re2::StringPiece(wire.buffered().data(), wire.buffered().size()), wanted)) {
        if (wire.buffered().size() > max_line) throw Departure{"the client said more than 64 KiB"};
        const Got got = wire.fill(patience);
        if (got != Got::bytes) throw Departure{why(got) + ", having said \"" + shown(wire.buffered()) + "\""};
    }
    std::string bytes(wire.buffered());
    wire.consume(bytes.size());
    return bytes;
}

std::string heard_message(inbox::Wire& wire) {
    inbox::Dots dots;
    std::string message;
    while (!dots.done()) {
        if (wire.buffered().empty()) {
            const Got got = wire.fill(patience);
            if (got != Got::bytes) throw Departure{why(got) + " before the final dot"};
        }
        wire.consume(dots.feed(wire.buffered(), message));
        if (message.size() > max_message) throw Departure{"the message is larger than 64 MiB"};
    }
    return message;
}

/// BDAT and its octets, which are added to `message`.
std::string heard_chunk(inbox::Wire& wire, std::string& message, bool last) {
    std::string command = heard_line(wire);
    std::size_t size = 0;
    if (!re2::RE2::FullMatch(command, last ? "BDAT ([0-9]{1,8}) LAST" : "BDAT ([0-9]{1,8})", &size))
        throw Departure{"the client said \"" + shown(command) + "\""};
    while (size > 0) {
        if (wire.buffered().empty()) {
            const Got got = wire.fill(patience);
            if (got != Got::bytes) throw Departure{why(got) + " before the end of a chunk"};
        }
        const std::size_t count = std::min(size, wire.buffered().size());
        message.append(wire.buffered().substr(0, count));
        wire.consume(count);
        size -= count;
    }
    return command;
}

}  // namespace

Player::Player(const Transcript& transcript, const inbox::ServerTls& tls)
    : transcript_(transcript),
      tls_(tls),
      reached_(transcript.connections.size()),
      listener_([this](inbox::Wire& wire, std::size_t) { serve(wire); }) {
    port_ = listener_.open({"127.0.0.1"}, 0);
    listener_.start();
}

bool Player::await_standstill(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, at_most, [&] { return stands_still_; });
}

void Player::stand_still() {
    {
        const std::lock_guard lock(mutex_);
        stands_still_ = true;
    }
    changed_.notify_all();
}

void Player::complain(const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    complaints_.push_back(sentence);
}

void Player::note(std::string_view who, std::string_view text) {
    const std::lock_guard lock(mutex_);
    heard_.append(who).append(" ").append(shown(text)).append("\n");
}

std::string Player::heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
}

void Player::serve(inbox::Wire& wire) {
    std::size_t connection = 0;
    {
        const std::lock_guard lock(mutex_);
        connection = connected_++;
    }
    note("---", "connection " + std::to_string(connection + 1));
    if (connection >= transcript_.connections.size()) {
        complain("the client connected " + std::to_string(connection + 1) +
                 " times, more often than expected");
        return;
    }
    std::size_t next = 0;
    try {
        play(wire, connection, next);
        expect_end(wire);
    } catch (const Departure& departure) {
        const auto& lines = transcript_.connections[connection];
        const std::string where = next < lines.size() ? "line " + std::to_string(lines[next].number) + " (" +
                                                            lines[next].source + "): "
                                                      : "at the end: ";
        complain(where + departure.sentence);
    }
    const std::lock_guard lock(mutex_);
    reached_[connection] = next;
}

void Player::play(inbox::Wire& wire, std::size_t connection, std::size_t& next) {
    const auto& lines = transcript_.connections[connection];
    std::string message;
    for (; next < lines.size(); ++next) {
        const Line& line = lines[next];
        switch (line.kind) {
            case Kind::say:
                note("S", line.text);
                if (!wire.send(line.text, patience)) throw Departure{"the client was gone"};
                break;
            case Kind::drip:
                note("S", line.text);
                for (const char byte : line.text) {  // the client may have enough before the end
                    if (!wire.send({&byte, 1}, patience) || !wire.pause(line.time)) break;
                }
                break;
            case Kind::flood:
                note("S", std::to_string(line.count) + " times " + line.text);
                for (std::size_t i = 0; i < line.count && wire.send(line.text, patience); ++i) {
                }
                break;
            case Kind::hear: {
                const std::string said = heard_line(wire);
                note("C", said);
                if (said != line.text) throw Departure{"the client said \"" + shown(said) + "\""};
                break;
            }
            case Kind::match: {
                const std::string said = heard_line(wire);
                note("C", said);
                if (!re2::RE2::FullMatch(said, line.text))
                    throw Departure{"the client said \"" + shown(said) + "\""};
                break;
            }
            case Kind::bytes:
                note("C", heard_bytes(wire, line.text));
                break;
            case Kind::message:
                message = heard_message(wire);
                note("C", "a message of " + std::to_string(message.size()) + " bytes");
                break;
            case Kind::chunk:
                if (next == 0 || lines[next - 1].kind != Kind::chunk) message.clear();
                note("C", heard_chunk(wire, message, !line.text.empty()));
                break;
            case Kind::holds:
                if (!re2::RE2::PartialMatch(message, line.text))
                    throw Departure{"not in the message:\n" + message};
                break;
            case Kind::tls:
                if (!wire.buffered().empty()) throw Departure{"the client said more before TLS"};
                if (!wire.start_tls(tls_, patience)) throw Departure{"no handshake: " + wire.tls_error()};
                note("---", wire.tls_version());
                break;
            case Kind::cut:
                wire.cut();
                break;
            case Kind::reset:
                wire.reset();
                break;
            case Kind::close:
                wire.close();
                break;
            case Kind::silence: {
                stand_still();
                const Got got = wire.fill(patience);
                if (got == Got::bytes) throw Departure{"the client said \"" + shown(wire.buffered()) + "\""};
                if (got == Got::timeout || got == Got::stopped) throw Departure{why(got) + ", and stayed"};
                break;
            }
            case Kind::swallow:
                stand_still();
                wire.pause(patience, true);
                break;
            case Kind::delay:
                stand_still();
                wire.pause(line.time);
                break;
            case Kind::quiet:
                if (!wire.buffered().empty() || wire.fill(line.time) == Got::bytes) {
                    throw Departure{"the client said \"" + shown(wire.buffered()) + "\""};
                }
                break;
        }
    }
}

/// Behind the last line the client says nothing and goes.
void Player::expect_end(inbox::Wire& wire) {
    if (!wire.open()) return;
    if (wire.buffered().empty()) {
        const Got got = wire.fill(patience);
        if (got == Got::end || got == Got::reset) return;
        if (got != Got::bytes) throw Departure{why(got) + ", and stayed connected"};
    }
    throw Departure{"the client said \"" + shown(wire.buffered()) + "\", more than expected"};
}

std::vector<std::string> Player::finish() {
    listener_.finish(std::chrono::seconds(5));
    std::vector<std::string> all = complaints_;
    for (std::size_t connection = 0; connection < reached_.size(); ++connection) {
        const auto& lines = transcript_.connections[connection];
        if (reached_[connection] < lines.size()) {
            const Line& line = lines[reached_[connection]];
            all.push_back("line " + std::to_string(line.number) + " was never reached: " + line.source);
        }
    }
    return all;
}

}  // namespace transcript
