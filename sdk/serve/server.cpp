#include "serve/server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "serve/line_reader.hpp"

namespace wfc::serve {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds grace{3000}, abandoned{4300}, gone{4700};
/// Between rounds: while something waits or ends, while something may rest, and while nothing is there.
constexpr milliseconds soon{250}, now_and_then{1000}, seldom{60'000};

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
    leaves_.wake(gone);  // here: the thread that reads may wait for an engine that does not read
    wake();
}

void Server::run(int input) {
    LineReader reader(input);
    int output = around_.out.descriptor();
    while (!closing_ || !workers_.idle()) {
        std::array<pollfd, 3> waiting = {{{input, POLLIN, 0}, {wake_.get(), POLLIN, 0}, {output, 0, 0}}};
        if (poll(waiting.data(), waiting.size(), patience()) < 0 && errno != EINTR) break;
        std::uint64_t count = 0;
        if (waiting[1].revents != 0) [[maybe_unused]]
            const ssize_t n = ::read(wake_.get(), &count, sizeof count);
        if (output >= 0 && around_.out.gone()) {
            cancel_all();
            begin_end();
            input = output = -1;
        }
        if (stopping_) begin_end();
        if (input >= 0 && waiting[0].revents != 0 && !take_lines(reader)) {
            begin_end();
            input = -1;
        }
        rounds();
    }
    sessions_.clear();  // while somebody watches
}

/// How long to wait for something to happen.
int Server::patience() {
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
    if (closing_) {
        if (!cancelled_ && now - *closing_ >= grace) cancel_all();
        return;
    }
    for (const auto& [name, session] : sessions_) {
        if (session->tired()) enter(session, 0, Turn::alone, [](Session& it) { it.quiesce(); });
    }
}

/// Once: nothing is taken any more.
void Server::begin_end() {
    if (closing_) return;
    closing_ = steady_clock::now();
    abandons_.wake(abandoned);
    leaves_.wake(gone);
    for (const auto& [name, session] : sessions_)
        enter(session, 0, Turn::alone, [](Session& it) { it.quiesce(); });
}

/// False at the end of the input.
bool Server::take_lines(LineReader& reader) {
    const bool more = reader.fill();
    while (auto line = reader.next()) {
        try {
            if (line->fault == LineReader::Fault::too_long)
                throw Refusal("too-long", "the line is longer than 8 MiB; the rest of it is skipped");
            if (line->fault == LineReader::Fault::unfinished)
                throw Refusal("malformed", "the input ended in this line, which has no line feed");
            take(read_request(std::move(line->text)));
        } catch (const Refusal& refusal) {
            if (refusal.id()) last_id_ = std::max(last_id_, *refusal.id());
            around_.out.write(said_error(refusal.id(), refusal.error(), refusal.what()));
        } catch (const std::exception& defect) {
            around_.out.write(said_error(std::nullopt, "internal", defect.what()));
        }
    }
    return more;
}

void Server::take(Request request) {
    const std::uint64_t id = request.id;
    try {
        if (id <= last_id_) throw Refusal("stale-id", "/id must be greater than " + std::to_string(last_id_));
        last_id_ = id;
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
