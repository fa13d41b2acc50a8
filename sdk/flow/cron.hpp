/// Cron expressions and the instants they mean in a time zone.
///
/// Guarantees: five fields as vixie cron reads them (names, ranges, steps, lists; the two day fields are OR
/// unless one begins with `*`), `@hourly` … `@yearly`; what no calendar has is refused as it is parsed.
/// A schedule whose minute or hour field begins with `*` follows real time: no run for what a gap of the zone
/// leaves out, a run in both passes of an overlap. Any other has fixed times: what falls into a gap runs
/// once, at the first instant after it, and what falls into an overlap once, in the first pass.
/// No I/O but the system's zone files; immutable, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "flow/zone.hpp"

namespace wfc::flow {

class Cron {
  public:
    /// Throws std::invalid_argument with the end of a sentence that names the field and its range:
    /// `has "60" for the minute; …`.
    explicit Cron(std::string_view expression);

    /// The first run strictly after `after_unix_s` in `zone`, seconds since 1970 UTC: within 41 years (of a
    /// Friday that is 29 February it takes 40). Nothing at the end of the calendar, the year 9999, and for a
    /// schedule that follows real time and whose every time a gap of this zone leaves out.
    std::optional<std::int64_t> next(std::int64_t after_unix_s, const Zone& zone) const;

  private:
    std::optional<std::int64_t> first_local(std::int64_t from_s, std::int64_t until_s) const;

    // Bit n is value n; the days of the week are 0 (Sunday) to 6.
    std::uint64_t minutes_ = 0;
    std::uint32_t hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
    bool any_minute_ = false, any_hour_ = false;  ///< the field begins with `*`
    bool either_day_ = false;                     ///< both day fields are restricted: OR
};

}  // namespace wfc::flow
