#include "bench/soak/faulty_dialogue.hpp"

#include <array>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace bench {
namespace {

using Kind = SinkFault::Kind;
using Place = SinkFault::Place;

constexpr std::string_view end_of_data = "\r\n.\r\n";
constexpr timeval idle{10, 0};
constexpr unsigned longest_delay_ms = 20;
constexpr std::size_t longest_head = 4096;

}  // namespace

SinkFault drawn(const FaultRates& rates, std::minstd_rand& dice) {
    const auto below = [&dice](unsigned count) {
        return std::uniform_int_distribution<unsigned>(0, count - 1)(dice);
    };
    SinkFault fault;
    fault.place = static_cast<Place>(below(7));
    fault.transient = below(2) == 0;
    fault.time_ms = 1 + below(longest_delay_ms);
    const bool coin = below(2) == 0;
    const std::pair<unsigned, Kind> kinds[] = {
        {rates.refusals, coin ? Kind::refuse : Kind::refuse_second},
        {rates.breaks, coin ? Kind::cut : Kind::reset},
        {rates.broken_bodies, coin ? Kind::cut_body : Kind::reset_body},
        {rates.drips, Kind::drip},
        {rates.late, Kind::late},
        {rates.stalls, Kind::stall}};
    unsigned number = below(10'000);
    for (const auto& [share, kind] : kinds) {
        if (number < share) {
            fault.kind = kind;
            break;
        }
        number -= share;
    }
    return fault;
}

FaultyDialogue::FaultyDialogue(int fd, const SinkFault& fault, Taken taken)
    : fd_(fd), fault_(fault), taken_(std::move(taken)) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
}

FaultyDialogue::~FaultyDialogue() {
    if (fd_ >= 0) ::close(fd_);
}

void FaultyDialogue::run() {
    std::string command;
    if (!answer(Place::greeting, "220 sink.example.test\r\n")) return;
    while (line(command) && obey(command)) {
    }
}

bool FaultyDialogue::obey(std::string_view command) {
    const std::string_view verb = command.substr(0, 4);
    if (verb == "EHLO") return answer(Place::ehlo, "250-sink.example.test\r\n250-8BITMIME\r\n250 SIZE\r\n");
    if (verb == "MAIL") {
        asked_ = 0;
        recipients_.clear();
        return answer(Place::mail, "250 2.1.0 ok\r\n");
    }
    if (verb == "RCPT") {
        ++asked_;
        if (!refused(Place::rcpt)) recipients_.emplace_back(command);
        return answer(Place::rcpt, "250 2.1.5 ok\r\n");
    }
    if (verb == "DATA") {
        if (!answer(Place::data, "354 go\r\n")) return false;
        if (refused(Place::data)) return true;
        if (!skip_message()) return false;
        if (!refused(Place::dot)) taken_(head_, recipients_);
        return answer(Place::dot, "250 2.0.0 ok\r\n");
    }
    if (verb == "QUIT") {
        answer(Place::quit, "221 2.0.0 bye\r\n");
        return false;
    }
    return say("250 2.0.0 ok\r\n");
}

/// What is answered here is a refusal.
bool FaultyDialogue::refused(Place place) const {
    if (place == Place::rcpt && asked_ == 2 && fault_.kind == Kind::refuse_second) return true;
    return fault_.kind == Kind::refuse && fault_.place == place;
}

/// False when the dialogue is over.
bool FaultyDialogue::answer(Place place, std::string_view reply) {
    if (refused(place) && fault_.kind == Kind::refuse_second)
        return say(fault_.transient ? "451 4.3.0 not now\r\n" : "550 5.1.1 no such mailbox\r\n");
    if (fault_.place != place) return say(reply);
    switch (fault_.kind) {
        case Kind::refuse:
            return say(fault_.transient ? "451 4.3.0 not now\r\n" : "554 5.7.1 not this one\r\n") &&
                   place != Place::greeting;
        case Kind::cut:
        case Kind::reset:
            hang_up(fault_.kind == Kind::reset);
            return false;
        case Kind::drip:
            for (const char byte : reply) {
                if (!say({&byte, 1})) return false;
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            return true;
        case Kind::late:
            std::this_thread::sleep_for(std::chrono::milliseconds(fault_.time_ms));
            return say(reply);
        case Kind::stall:
            while (fill()) {
            }
            return false;
        default:
            return say(reply);
    }
}

void FaultyDialogue::hang_up(bool reset) {
    const linger now{1, 0};
    if (reset) ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(fd_, -1));
}

bool FaultyDialogue::say(std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool FaultyDialogue::line(std::string& out) {
    for (;;) {
        const std::size_t end = buffer_.find("\r\n");
        if (end != buffer_.npos) {
            out = buffer_.substr(0, end);
            buffer_.erase(0, end + 2);
            return true;
        }
        if (!fill()) return false;
    }
}

/// Reads through CR LF . CR LF.
bool FaultyDialogue::skip_message() {
    buffer_.insert(0, "\r\n");
    head_ = buffer_;
    for (;;) {
        if (fault_.kind == Kind::cut_body || fault_.kind == Kind::reset_body) {
            hang_up(fault_.kind == Kind::reset_body);
            return false;
        }
        const std::size_t end = buffer_.find(end_of_data);
        if (end != buffer_.npos) {
            buffer_.erase(0, end + end_of_data.size());
            return true;
        }
        if (buffer_.size() > end_of_data.size()) buffer_.erase(0, buffer_.size() - end_of_data.size() + 1);
        if (!fill()) return false;
    }
}

bool FaultyDialogue::fill() {
    std::array<char, 16 * 1024> chunk;
    const ssize_t count = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (count <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(count));
    if (head_.size() < longest_head) head_.append(chunk.data(), static_cast<std::size_t>(count));
    if (buffer_.size() > 4 * chunk.size()) buffer_.erase(0, buffer_.size() - chunk.size());
    return true;
}

}  // namespace bench
