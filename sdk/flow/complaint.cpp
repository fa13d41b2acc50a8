#include "flow/complaint.hpp"

#include <algorithm>

#include "flow/journal.hpp"

namespace wfc::flow {

namespace {

constexpr std::int64_t first_pause_ms = 60'000, longest_pause_ms = 3'600'000;
constexpr std::int64_t first_try_ms = 1000, longest_try_ms = 30'000;

}  // namespace

bool Complaint::due(std::int64_t steady_ms) {
    if (standing() && steady_ms < again_ms_) return false;
    pause_ms_ = standing() ? std::min(2 * pause_ms_, longest_pause_ms) : first_pause_ms;
    again_ms_ = steady_ms + pause_ms_;
    return true;
}

bool Complaint::over() {
    const bool was = standing();
    pause_ms_ = 0;
    return was;
}

void Insistence::operator()(const std::function<void()>& write) const {
    const std::int64_t end = clock_.now().steady_ms + bound_ms_;
    Complaint complaint;
    for (std::int64_t pause = first_try_ms;; pause = std::min(2 * pause, longest_try_ms)) {
        try {
            write();
            if (complaint.over()) say("the run goes on: it was written down");
            return;
        } catch (const JournalUnusable& fault) {
            const std::int64_t now = clock_.now().steady_ms;
            if (now >= end || clock_.stopping()) throw;
            if (complaint.due(now))
                say(std::string(fault.what()) + "; the run waits until it can be written down");
            // A stop ends the pause; the write is tried once more then.
            clock_.wait_until(Scale::steady, std::min(now + pause, end));
        }
    }
}

void Insistence::say(const std::string& sentence) const {
    Event event{Event::Kind::trouble, flow_};
    event.message = sentence;
    events_.happened(event);
}

}  // namespace wfc::flow
