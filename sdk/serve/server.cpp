#include "serve/server.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "serve/end_times.hpp"

namespace wfc::serve {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds grace{3000};
/// Between rounds: while something waits or ends, while something may rest, and while nothing is there.
constexpr milliseconds until_room{20}, soon{250}, now_and_then{1000}, seldom{60'000};

}  // namespace

Server::Server(ServerOptions options, Surroundings around, BlobFolder& blobs, std::function<void()> leave)
    : options_(std::move(options)),
      around_(around),
      blobs_(blobs),
      leave_(std::move(leave)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      workers_(options_.calls + most_components, [this] { wake(); }),
      leaves_([this] { leave_(); }),
      abandons_([this] { abandon(); }) {
    if (!wake_) throw std::system_error(errno, std::generic_category(), "no eventfd");
}

Server::~Server() = default;

void Server::wake() const noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(wake_.get(), &one, sizeof one);
}

void Server::stop() noexcept {
    stopping_ = true;
    abandons_.wake(abandoned);  // here and now, whatever the thread that reads is at
    leaves_.wake(gone);
    wake();
}

void Server::run(int input) {
    LineReader reader(input);
    int output = around_.out.descriptor();
    while (!closing_ || !workers_.idle()) {
        // While the engine does not read, nothing more is taken. That its input has ended is seen all the
        // same.
        const bool room = around_.out.has_room();
        const int reads = room || !closing_ ? input : -1;
        const short wanted = room ? POLLIN : POLLRDHUP;
        std::array<pollfd, 3> waiting = {{{reads, wanted, 0}, {wake_.get(), POLLIN, 0}, {output, 0, 0}}};
        if (poll(waiting.data(), waiting.size(), patience()) < 0 && errno != EINTR) break;
        std::uint64_t count = 0;
        if (waiting[1].revents != 0) [[maybe_unused]]
            const ssize_t n = ::read(wake_.get(), &count, sizeof count);
        if (output >= 0 && around_.out.gone()) {
            cancelled_ = true;
            cancel_all();
            begin_end();
            input = output = -1;
            lines_left_ = false;
        }
        if (stopping_) begin_end();
        const bool ready = lines_left_ || waiting[0].revents != 0;
        if (input >= 0 && room && ready && !take_lines(reader)) {
            begin_end();
            input = -1;
        } else if (input >= 0 && !room && waiting[0].revents != 0) {
            begin_end();
        }
        rounds();
    }
    sessions_.clear();  // while somebody watches
    around_.out.flush(gone);
}

/// How long to wait for something to happen.
int Server::patience() {
    if (!around_.out.has_room()) return static_cast<int>(until_room.count());
    if (lines_left_) return 0;
    const bool busy = closing_ || !running().empty();
    return static_cast<int>((busy ? soon : sessions_.empty() ? seldom : now_and_then).count());
}

/// What has its time, and the cancel of those who have had theirs.
void Server::rounds() {
    const auto now = steady_clock::now();
    blobs_.expire(now);
    const std::uint64_t now_ms = system_clock_table()->monotonic_ms(nullptr);
    for (const Running& each : running()) {
        if (each.call->deadline_ms() == 0 || now_ms < each.call->deadline_ms()) continue;
        withdraw(each, Call::without(WFC_FAILED, "failed", "host.no_time_left", "transient", "backoff",
                                     "its time was over before it was its turn; nothing was begun"));
    }
    give_up_stuck(now_ms);
    if (closing_) {
        if (!cancelled_ && now - *closing_ >= grace) {
            cancelled_ = true;
            cancel_all();
        }
        return;
    }
    for (const auto& [name, session] : sessions_) {
        if (session->tired()) enter(session, 0, Turn::alone, [](Session& it) { it.quiesce(); });
    }
}

/// As many as there is room for their answers. False at the end of the input.
bool Server::take_lines(LineReader& reader) {
    const bool more = lines_left_ || reader.fill();
    for (lines_left_ = true; around_.out.has_room();) {
        auto line = reader.next();
        if (!line) {
            lines_left_ = false;
            break;
        }
        take_line(std::move(*line));
    }
    return more || lines_left_;
}

void Server::take_line(LineReader::Line line) {
    try {
        if (line.fault == LineReader::Fault::too_long)
            throw Refusal("too-long", "the line is longer than 8 MiB; the rest of it is skipped");
        if (line.fault == LineReader::Fault::unfinished)
            throw Refusal("malformed", "the input ended in this line, which has no line feed");
        take(understood(std::move(line.text)));
    } catch (const Refusal& refusal) {
        around_.out.write(said_error(refusal.id(), refusal.error(), refusal.what()));
    } catch (const std::exception& defect) {
        around_.out.write(said_error(std::nullopt, "internal", defect.what()));
    }
}

/// An id that is not new may be that of a request whose answer is still to come: an error with it would be
/// taken for that answer.
Request Server::understood(SecretString line) const try {
    return read_request(std::move(line));
} catch (const Refusal& refusal) {
    if (!refusal.id() || *refusal.id() > last_id_) throw;
    throw Refusal(refusal.error(), std::string(refusal.what()) + " (in a line with /id " +
                                       std::to_string(*refusal.id()) +
                                       ", which is not greater than the last)");
}

void Server::take(Request request) {
    const std::uint64_t id = request.id;
    if (id <= last_id_)
        throw Refusal("stale-id", "/id is " + std::to_string(id) + " and must be greater than " +
                                      std::to_string(last_id_));
    last_id_ = id;
    try {
        if (closing_) throw Refusal("closing", "this host ends and takes nothing any more");
        const bool greets = std::holds_alternative<Hello>(request.asked);
        if (greets && greeted_) throw Refusal("protocol", "hello was said before");
        if (!greets && !greeted_) throw Refusal("protocol", "hello must be the first request");
        std::visit([&](auto& asked) { carry_out(id, asked); }, request.asked);
    } catch (const Refusal& refusal) {
        throw Refusal(refusal.error(), refusal.what(), id);
    } catch (const std::exception& defect) {
        throw Refusal("internal", defect.what(), id);
    }
}

}  // namespace wfc::serve
