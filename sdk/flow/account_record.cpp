#include "flow/account_record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace wfc::flow {

namespace {

using nlohmann::json;

constexpr std::int64_t minute_ms = 60'000, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;
constexpr std::int64_t distance_ms = 20 * hour_ms;
/// A look takes half a minute at most, unless the component is busy.
constexpr std::int64_t longest_look_ms = 5 * minute_ms, pause_ms = 10'000;

/// A clock that was set back makes the times before that mean nothing.
std::int64_t believed(std::int64_t then_ms, std::int64_t now_ms) {
    return then_ms > now_ms + hour_ms ? 0 : then_ms;
}

}  // namespace

std::string text_of(const AccountRecord& record) {
    json out = {{"format", 1},
                {"checked_ms", record.checked_ms},
                {"owner", record.owner},
                {"taken", record.taken},
                {"again_ms", record.again_ms}};
    if (record.found) out["found"] = text_of(*record.found);
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

AccountRecord account_record(const std::string& text) try {
    const json in = json::parse(text);
    AccountRecord out{in.at("checked_ms").get<std::int64_t>(), in.at("owner").get<std::string>(),
                      in.at("taken").get<std::int64_t>(), in.at("again_ms").get<std::int64_t>(),
                      std::nullopt};
    if (in.contains("found")) out.found = kept_findings(in["found"].get<std::string>());
    return out;
} catch (const json::exception&) {
    return {};
}

std::optional<std::int64_t> check_due(std::int64_t checked_ms, std::int64_t run_ms) {
    checked_ms = believed(checked_ms, run_ms);
    if (checked_ms >= run_ms - day_ms) return std::nullopt;
    return std::max(run_ms - day_ms, checked_ms + distance_ms);
}

bool check_due_at_start(std::int64_t checked_ms, std::int64_t now_ms) {
    return believed(checked_ms, now_ms) + hour_ms <= now_ms;
}

Plan plan(AccountRecord& record, const Occasion& occasion, std::int64_t now_ms, bool alive) {
    using Kind = Plan::Kind;
    record.checked_ms = believed(record.checked_ms, now_ms);
    record.again_ms = std::min(record.again_ms, now_ms + hour_ms);
    const bool asked = !record.owner.empty(), long_ago = now_ms - record.checked_ms >= longest_look_ms;
    if (asked && alive && !long_ago) return {Kind::wait, now_ms + pause_ms};
    // Also one that lives and could not write down that the look is over.
    if (asked && record.taken == 0) {
        const std::int64_t at = record.checked_ms + hour_ms;
        return at <= now_ms ? Plan{Kind::look, 0} : Plan{Kind::rest, at};
    }
    if (!asked && record.again_ms != 0) {
        const bool soon = occasion.run_ms && *occasion.run_ms - now_ms < hour_ms;
        return soon || record.again_ms <= now_ms ? Plan{Kind::look, 0} : Plan{Kind::rest, record.again_ms};
    }
    if (occasion.start) {
        if (!asked && check_due_at_start(record.checked_ms, now_ms)) return {Kind::look, 0};
        return {};
    }
    if (!occasion.run_ms) return {};
    const std::optional<std::int64_t> at = check_due(record.checked_ms, *occasion.run_ms);
    return at && *at <= now_ms ? Plan{Kind::look, 0} : Plan{};
}

}  // namespace wfc::flow
