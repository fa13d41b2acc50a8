#include "flow/cron.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "flow/cron_fields.hpp"
#include "flow/zone_rules.hpp"
#include "wfc/problem.hpp"

namespace wfc::flow {

namespace {

constexpr std::int64_t minute_s = 60, hour_s = 3600, day_s = 86'400;
/// 29 February of a given weekday comes after 40 years at the latest: 2096 is followed by 2104.
constexpr std::int64_t horizon_s = 41 * 366 * day_s;

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> nicknames = {{
    {"@hourly", "0 * * * *"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"},
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
}};

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != text.npos;) {
        const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

std::string_view without_nickname(std::string_view text) {
    std::vector<std::string_view> known;
    for (const auto& [nickname, meaning] : nicknames) {
        if (text == nickname) return meaning;
        known.push_back(nickname);
    }
    std::string sentence = "has \"" + shortened(text) + "\", which is no schedule";
    if (const auto near = nearest(text, known); !near.empty()) {
        throw std::invalid_argument(sentence.append("; did you mean \"").append(near).append("\"?"));
    }
    throw std::invalid_argument(sentence +
                                "; write @hourly, @daily, @weekly, @monthly, @yearly or five fields");
}

/// The days of a month in a leap year.
unsigned longest(unsigned month) {
    return month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool has(std::uint64_t bits, unsigned value) {
    return (bits >> value & 1u) != 0;
}

}  // namespace

Cron::Cron(std::string_view expression) {
    if (expression.size() > 1024) throw std::invalid_argument("is longer than 1024 bytes");
    std::vector<std::string_view> words = words_of(expression);
    if (words.size() == 1 && words[0].starts_with('@')) words = words_of(without_nickname(words[0]));
    if (words.size() != 5) {
        throw std::invalid_argument("has " + std::to_string(words.size()) +
                                    (words.size() == 1 ? " field" : " fields") +
                                    "; write five: minute, hour, day of the month, month, day of the week");
    }
    minutes_ = parse_field(words[0], minute_field);
    hours_ = static_cast<std::uint32_t>(parse_field(words[1], hour_field));
    days_ = static_cast<std::uint32_t>(parse_field(words[2], day_field));
    months_ = static_cast<std::uint32_t>(parse_field(words[3], month_field));
    const std::uint64_t weekdays = parse_field(words[4], weekday_field);
    weekdays_ = static_cast<std::uint32_t>((weekdays | weekdays >> 7) & 0x7Fu);  // 7 is Sunday, too
    any_minute_ = words[0].starts_with('*');
    any_hour_ = words[1].starts_with('*');
    either_day_ = !words[2].starts_with('*') && !words[4].starts_with('*');
    if (either_day_) return;
    const auto day = static_cast<unsigned>(std::countr_zero(days_));
    for (unsigned month = 1; month <= 12; ++month) {
        if (has(months_, month) && day <= longest(month)) return;
    }
    throw std::invalid_argument("never occurs: no month it names has a day " + std::to_string(day));
}

std::optional<std::int64_t> Cron::next(std::int64_t after_unix_s, const Zone& zone) const {
    if (after_unix_s >= year_10000_s - 1) return std::nullopt;
    const std::int64_t first = std::max(after_unix_s, year_0_s - 1) + 1;
    const std::int64_t limit = std::min(first + horizon_s, year_10000_s);
    const bool fixed = !any_minute_ && !any_hour_;
    // From span to span of one offset, so that what is special about a change of offset stands in one place.
    for (std::int64_t cursor = first; cursor < limit;) {
        const Span span = zone.rules().at(cursor);
        std::int64_t local = cursor + span.offset;
        if (fixed && span.begin > year_0_s) {
            const std::int64_t seen = span.begin + zone.rules().at(span.begin - 1).offset;
            const std::int64_t resumed = span.begin + span.offset;
            if (cursor == span.begin && first_local(seen, resumed)) return cursor;  // what the gap left out
            local = std::max(local, seen);  // not again what the first pass of an overlap had
        }
        const std::int64_t end = std::min(span.end, limit);
        if (const auto found = first_local(local, end + span.offset)) return *found - span.offset;
        cursor = end;
    }
    return std::nullopt;
}

/// The first time of the schedule in [from_s, until_s), both in seconds of local time. Whole months, days and
/// hours are skipped, never minutes counted.
std::optional<std::int64_t> Cron::first_local(std::int64_t from_s, std::int64_t until_s) const {
    using namespace std::chrono;
    auto midnight = floor<days>(sys_seconds(seconds(from_s)));
    std::int64_t second = from_s - sys_seconds(midnight).time_since_epoch().count();
    while (sys_seconds(midnight).time_since_epoch().count() + second < until_s) {
        const year_month_day date(midnight);
        if (!has(months_, static_cast<unsigned>(date.month()))) {
            midnight = sys_days((year_month(date.year(), date.month()) + months(1)) / 1);
            second = 0;
            continue;
        }
        const bool of_month = has(days_, static_cast<unsigned>(date.day()));
        const bool of_week = has(weekdays_, weekday(midnight).c_encoding());
        if (either_day_ ? of_month || of_week : of_month && of_week) {
            const std::int64_t earliest = (second + minute_s - 1) / minute_s;  // minute of the day
            for (std::int64_t hour = earliest / 60; hour < 24; ++hour) {
                if (!has(hours_, static_cast<unsigned>(hour))) continue;
                const auto skipped = hour == earliest / 60 ? static_cast<unsigned>(earliest % 60) : 0u;
                const std::uint64_t left = minutes_ >> skipped << skipped;
                if (left == 0) continue;
                const std::int64_t found = sys_seconds(midnight).time_since_epoch().count() + hour * hour_s +
                                           std::countr_zero(left) * minute_s;
                return found < until_s ? std::optional(found) : std::nullopt;
            }
        }
        midnight += days(1);
        second = 0;
    }
    return std::nullopt;
}

}  // namespace wfc::flow
