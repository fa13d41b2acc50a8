#include "flow/timetable.hpp"

#include <algorithm>

namespace wfc::flow {

namespace {

/// start + every, start + 2 × every … : `count` of them.
Times multiples(std::int64_t start, std::int64_t every, std::int64_t count) {
    Times out;
    for (std::int64_t k = 1; k <= std::min<std::int64_t>(count, 10); ++k) out.add(start + k * every);
    if (count > 10) {
        out.count = static_cast<std::size_t>(count);
        out.last = start + count * every;
    }
    return out;
}

}  // namespace

void Times::add(std::int64_t time) {
    if (count++ == 0) first = time;
    last = time;
    if (each.size() < 10) each.push_back(time);
}

Mark Timetable::here(Mark stored, const Now& now) const {
    if (stored.boot == now.boot && !now.boot.empty() && stored.steady_ms <= now.steady_ms) return stored;
    // Another boot: only the wall's clock tells how long ago that was. One that went back tells nothing.
    const std::int64_t ago = std::max<std::int64_t>(0, now.wall_ms - stored.wall_ms);
    return {stored.wall_ms, now.steady_ms - ago, now.boot};
}

Mark Timetable::passed_over(const Mark& mark, std::int64_t time) const {
    return {time, mark.steady_ms + (time - mark.wall_ms), mark.boot};
}

Mark Timetable::started(std::int64_t time, const Now& now) const {
    if (flow_.cron) return {time, now.steady_ms, now.boot};
    // The clock may have been set back: names go on from where they were, so that none comes twice.
    return {std::max(now.wall_ms, time), now.steady_ms, now.boot};
}

/// Of a cron schedule.
std::optional<std::int64_t> Timetable::next_second(std::int64_t after_unix_s) const {
    return flow_.cron ? flow_.cron->next(after_unix_s, flow_.zone) : std::nullopt;
}

std::optional<Timetable::Next> Timetable::next(const Mark& mark) const {
    if (flow_.every) {
        const std::int64_t every = flow_.every->count();
        return Next{mark.wall_ms + every, Scale::steady, mark.steady_ms + every};
    }
    const std::optional<std::int64_t> second = next_second(mark.wall_ms / 1000);
    if (!second) return std::nullopt;
    return Next{*second * 1000, Scale::wall, *second * 1000};
}

Timetable::Passed Timetable::passed(const Mark& mark, const Now& now, std::int64_t patience_ms,
                                    const Handled& handled) const {
    Passed out;
    if (flow_.every) {
        const std::int64_t every = flow_.every->count();
        const std::int64_t count = (now.steady_ms - mark.steady_ms) / every;
        if (count <= 0) return out;
        const bool late = now.steady_ms - mark.steady_ms - count * every > patience_ms;
        if (!late) out.due = mark.wall_ms + count * every;
        out.missed = multiples(mark.wall_ms, every, late ? count : count - 1);
        return out;
    }
    const Mark from{std::max(mark.wall_ms, now.wall_ms - look_back_ms), mark.steady_ms, mark.boot};
    std::optional<std::int64_t> second = next_second(from.wall_ms / 1000);
    for (; second && *second * 1000 <= now.wall_ms; second = next_second(*second)) {
        const std::int64_t time = *second * 1000;
        if (now.wall_ms - time <= patience_ms) {
            out.due = time;
            return out;
        }
        if (handled.has(time)) {
            out.handled = time;
        } else {
            out.missed.add(time);
        }
    }
    return out;
}

Times Timetable::all(const Mark& mark, const Now& now) const {
    if (flow_.every) {
        const std::int64_t every = flow_.every->count();
        return multiples(mark.wall_ms, every,
                         std::max<std::int64_t>(0, (now.steady_ms - mark.steady_ms) / every));
    }
    return passed(mark, now, -1).missed;
}

std::string Timetable::fingerprint() const {
    if (flow_.every) return "every " + std::to_string(flow_.every->count());
    constexpr std::int64_t some_day_s = 1'735'689'600;  // 2025-01-01
    constexpr int times = 500;                          // a daily schedule for more than a year
    std::uint64_t hash = 14'695'981'039'346'656'037U;   // FNV-1a
    std::int64_t at = some_day_s;
    for (int i = 0; i < times; ++i) {
        const std::optional<std::int64_t> next = next_second(at);
        if (!next) break;
        at = *next;
        hash = (hash ^ static_cast<std::uint64_t>(at)) * 1'099'511'628'211U;
    }
    return "cron " + std::to_string(hash) + " " + flow_.zone.name();
}

}  // namespace wfc::flow
