#include "host/redirect_server.hpp"

#include <algorithm>
#include <poll.h>
#include <vector>

#include "host/component_host.hpp"

namespace wfc {

namespace {

std::uint64_t now_ms() noexcept {
    return system_clock_table()->monotonic_ms(nullptr);
}

}  // namespace

RedirectServer::RedirectServer(ExpectedVisit expected)
    : expected_(std::move(expected)), listener_(expected_.port) {}

RedirectServer::Round RedirectServer::wait(int most_ms, int other) {
    std::vector<pollfd> polled{{other, POLLIN, 0}};  // poll() passes over a negative one
    for (const Descriptor& listening : listener_.descriptors())
        polled.push_back({listening.get(), POLLIN, 0});
    for (const BrowserConnection& one : connections_) polled.push_back({one.descriptor(), one.events(), 0});
    Round round;
    if (poll(polled.data(), polled.size(), most_ms) > 0) {
        round.other_readable = (polled[0].revents & POLLIN) != 0;
        round.other_gone = !round.other_readable && polled[0].revents != 0;
        std::size_t at = 1 + listener_.descriptors().size();
        for (BrowserConnection& one : connections_) {
            if (polled[at++].revents == 0) continue;
            round.visit = serve(one);
            if (round.visit) return round;
        }
        for (std::size_t i = 0; i < listener_.descriptors().size(); ++i) {
            if (polled[1 + i].revents != 0) accept_all(listener_.descriptors()[i], now_ms());
        }
    }
    forget(now_ms());
    return round;
}

std::optional<RightVisit> RedirectServer::serve(BrowserConnection& connection) {
    connection.go_on();
    if (connection.stage() != BrowserConnection::Stage::asked) return std::nullopt;
    const RequestReader& request = connection.request();
    VisitVerdict verdict =
        request.refusal() != 0 ? refuse_visit(request, expected_) : judge_visit(request, expected_);
    if (!verdict.right) {
        connection.answer(std::move(verdict.answer));
        return std::nullopt;
    }
    listener_.close();
    RightVisit visit{std::move(*verdict.right), {std::move(connection), std::move(verdict.language)}};
    connections_.clear();
    return visit;
}

void RedirectServer::accept_all(const Descriptor& listening, std::uint64_t now_ms) {
    for (std::size_t i = 0; i < most_connections; ++i) {
        Descriptor socket = LoopbackListener::accept(listening);
        if (socket.get() < 0) return;
        // The oldest gives way: a browser that means it sends its request at once.
        if (connections_.size() == most_connections) connections_.pop_front();
        connections_.emplace_back(std::move(socket), now_ms + patience_ms);
    }
}

void RedirectServer::forget(std::uint64_t now_ms) {
    connections_.remove_if([now_ms](const BrowserConnection& one) {
        return one.stage() == BrowserConnection::Stage::over || one.patience_until_ms() <= now_ms;
    });
}

}  // namespace wfc
