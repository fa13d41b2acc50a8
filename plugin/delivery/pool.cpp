#include "delivery/pool.hpp"

#include <algorithm>

#include "delivery/pool_group.hpp"

namespace mailsend::delivery {
namespace {

constexpr std::uint64_t found_out_ms = 3'600'000;
constexpr std::uint64_t suspected_ms = 600'000;

}  // namespace

// ---- a group

std::shared_ptr<Turn> Pool::Group::next(Line& line) {
    if (waiting.empty() || worn_out(line) || line.load() >= pool_.terms_.in_flight) return nullptr;
    std::shared_ptr<Turn> turn = waiting.front();
    waiting.pop_front();
    line.take(turn);
    return turn;
}

void Pool::Group::changed(Line& line) {
    if (line.idle() && (!line.fit() || worn_out(line))) {
        const auto self =
            std::find_if(lines.begin(), lines.end(), [&](const auto& one) { return one.get() == &line; });
        if (self != lines.end()) drop(*self);
        return;
    }
    while (!waiting.empty() && line.takes(pool_.terms_.in_flight) && !worn_out(line)) {
        const std::shared_ptr<Turn> turn = waiting.front();
        waiting.pop_front();
        line.take(turn);
        turn->wake.notify_one();
    }
}

std::shared_ptr<Line> Pool::Group::free_line(const Line* first) {
    for (;;) {
        std::shared_ptr<Line> best;
        for (const auto& line : lines) {
            if (worn_out(*line) || !line->takes(pool_.terms_.in_flight)) continue;
            if (!best || line.get() == first || (best.get() != first && line->load() <= best->load()))
                best = line;
        }
        // One that this call has just opened is spoken to whatever it says: signing in over and over to a
        // server that hangs up at once would be worse than to fail.
        const bool fresh = best && best.get() == first && best->taken() == 0;
        if (!best || fresh || !best->idle() || best->quiet()) return best;
        drop(best);
    }
}

std::shared_ptr<Line> Pool::Group::fit_line() const {
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [this](const auto& line) { return line->fit() && !worn_out(*line); });
    return found == lines.end() ? nullptr : *found;
}

void Pool::Group::queue(const std::shared_ptr<Turn>& turn) {
    const auto behind = std::find_if(waiting.rbegin(), waiting.rend(),
                                     [&](const auto& other) { return other->place < turn->place; });
    waiting.insert(behind.base(), turn);
}

void Pool::Group::give(const std::shared_ptr<Line>& line, const std::shared_ptr<Turn>& turn) {
    std::erase(waiting, turn);
    line->take(turn);
}

void Pool::Group::drop(std::shared_ptr<Line> line) {
    line->retire();  // whoever asks from now on must not look at what is being closed
    std::erase(lines, line);
    pool_.left_.push_back(std::move(line));
    stir();
}

void Pool::Group::stir() {
    opened.notify_all();
    if (!waiting.empty()) waiting.front()->wake.notify_one();
}

// ---- the pool

Pool::Pool(const PoolTerms& terms) : terms_(terms) {}

Pool::~Pool() {
    close();
}

void Pool::close() noexcept {
    Lock lock(mutex_);
    for (const auto& [identity, group] : groups_) {
        const std::vector<std::shared_ptr<Line>> lines = group->lines;
        for (const auto& line : lines) {
            if (line->idle()) group->drop(line);
        }
    }
    close_left(lock);
}

void Pool::forget_idle(std::uint64_t now_ms, std::uint64_t longest_ms) {
    for (const auto& [identity, group] : groups_) {
        const std::vector<std::shared_ptr<Line>> lines = group->lines;
        for (const auto& line : lines) {
            if (line->idle() && now_ms - line->heard_ms() >= longest_ms) group->drop(line);
        }
    }
}

/// Outside of the lock, as it writes.
void Pool::close_left(Lock& lock) noexcept {
    while (!left_.empty()) {
        std::vector<std::shared_ptr<Line>> left = std::exchange(left_, {});
        const auto count = static_cast<unsigned>(left.size());
        lock.unlock();
        for (const auto& line : left) line->close();
        left.clear();
        lock.lock();
        connections_ -= count;
        for (const auto& [identity, group] : groups_) group->stir();
    }
    std::erase_if(groups_, [](const auto& one) { return one.second->empty(); });
}

// ---- a visit

Pool::Visit::Visit(Pool& pool, const Route& route) : pool_(pool), route_(route) {
    const Identity identity = pool.identities_.of(route);
    Lock lock(pool.mutex_);
    std::unique_ptr<Group>& group = pool.groups_[identity];
    if (!group) group = std::make_unique<Group>(pool);
    group_ = group.get();
    ++group_->visits;
    ++pool.visits_;
    pool.forget_idle(route.clock.monotonic_ms(), std::max<std::uint64_t>(pool.terms_.idle_timeout_ms, 1));
    if (!pool.left_.empty()) pool.close_left(lock);
}

Pool::Visit::~Visit() {
    Lock lock(pool_.mutex_);
    --group_->visits;
    if (--pool_.visits_ == 0 && pool_.terms_.idle_timeout_ms == 0) pool_.forget_idle(0, 0);
    if (!pool_.left_.empty() || group_->empty()) pool_.close_left(lock);
}

std::shared_ptr<Line> Pool::Visit::reach(const Order& order, const net::Patience& patience) {
    return pool_.line_for(*this, nullptr, order, patience);
}

void Pool::Visit::enter(const std::shared_ptr<Turn>& turn, const Order& order,
                        const net::Patience& patience) {
    pool_.line_for(*this, turn, order, patience);
}

bool Pool::Visit::crowded() const noexcept {
    const std::lock_guard lock(pool_.mutex_);
    return group_->visits > group_->lines.size();
}

void Pool::Visit::tidy() noexcept {
    Lock lock(pool_.mutex_);
    if (!pool_.left_.empty()) pool_.close_left(lock);
}

void Pool::Visit::distrust(smtp::Flow flow, bool suspected) noexcept {
    const bool chunking = flow == smtp::Flow::chunked;
    const std::uint64_t until = route_.clock.monotonic_ms() + (suspected ? suspected_ms : found_out_ms);
    const std::lock_guard lock(pool_.mutex_);
    std::uint64_t& known = chunking ? pool_.unchunked_until_ms_ : pool_.lockstep_until_ms_;
    known = std::max(known, until);
    for (const auto& [identity, group] : pool_.groups_) {
        for (const auto& line : group->lines) line->forgo(!chunking, true);
    }
}

}  // namespace mailsend::delivery
