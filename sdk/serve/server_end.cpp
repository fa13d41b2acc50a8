#include <utility>

#include "host/component_host.hpp"
#include "serve/end_times.hpp"
#include "serve/server.hpp"
#include "serve/server_words.hpp"

namespace wfc::serve {

/// Once: nothing is taken any more.
void Server::begin_end() {
    if (closing_) return;
    closing_ = std::chrono::steady_clock::now();
    abandons_.wake(abandoned);
    leaves_.wake(gone);
    for (const auto& [name, session] : sessions_)
        enter(session, 0, Turn::alone, [](Session& it) { it.quiesce(); });
}

void Server::cancel_all() {
    for (const Running& each : running()) {
        each.call->cancel();
        withdraw(each, cancelled_in_line());
    }
}

/// For components that do not end.
void Server::abandon() noexcept try {
    for (const Running& each : running()) {
        settle(*each.call, Call::without(WFC_INTERNAL, "unknown", "host.ended", "unknown", "after-fix",
                                         "the host had to end while the component was still at work"));
    }
    for (const auto& [id, each] : changing()) {
        if (!claim_change(id)) continue;
        around_.out.write(
            said_error(id, "ended",
                       "the host had to end while the component was still at work; it is not known "
                       "whether this was done"));
    }
} catch (...) {  // no memory: the process ends anyway
}

void Server::give_up() noexcept {
    constexpr std::chrono::milliseconds to_be_read{500};
    try {
        cancel_all();
    } catch (...) {  // as above
    }
    abandon();
    around_.out.flush(to_be_read);
}

/// Says the result of calls that were asked to end long ago and do not. Whoever waits for them is told.
void Server::give_up_stuck(std::uint64_t now_ms) {
    const auto patience = static_cast<std::uint64_t>(options_.stuck_after.count());
    for (const Running& each : running()) {
        const std::uint64_t deadline = each.call->deadline_ms(), cancelled = each.cancelled_ms;
        const bool late = (cancelled != 0 && now_ms >= cancelled + patience) ||
                          (deadline != 0 && now_ms >= deadline + patience);
        if (!late || !each.call->claim()) continue;
        {
            const std::lock_guard lock(mutex_);
            // It may have come back just now; then its place is free.
            if (const auto at = calls_.find(each.call->id()); at != calls_.end()) at->second.stuck = true;
        }
        each.session->prompt().hush(each.call->id());
        each.call->say(
            Call::without(WFC_INTERNAL, "unknown", "host.stuck", "unknown", "after-fix",
                          "the component did not end the call when it was asked to; whether it will do "
                          "what was asked for is not known"));
        make_way(each.session);
    }
}

/// What waits for a call that does not end gets its error. Only an unload still takes place, if it ever can.
void Server::make_way(const std::shared_ptr<Session>& session) {
    const Refusal refusal = stuck_behind(session->name());
    for (const auto& [id, each] : changing()) {
        if (each.session != session) continue;
        if (each.what == Changes::settings && !session->turns().withdraw(id)) continue;
        if (claim_change(id)) around_.out.write(said_error(id, refusal.error(), refusal.what()));
    }
    if (session->turn() != Turn::alone) return;
    for (const Running& each : running()) {
        if (each.session != session || !session->turns().withdraw(each.call->id())) continue;
        if (!each.call->claim()) continue;
        forget(each.call->id());
        each.call->refuse(refusal);
    }
}

bool Server::stuck(const std::shared_ptr<Session>& session) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, each] : calls_) {
        if (each.stuck && each.session == session) return true;
    }
    return false;
}

}  // namespace wfc::serve
