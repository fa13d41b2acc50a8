/// Cron expressions and the instants they mean in a time zone.
///
/// Guarantees: five fields as vixie cron reads them (names, ranges, steps, lists; the two day fields are OR
/// unless one begins with `*`), `@hourly` … `@yearly`; what never occurs is refused as it is parsed. In a gap
/// of the zone a fixed time runs once, at the first instant after it; in an overlap once, at the first.
/// Wildcard minutes and hours follow real time. No I/O but the system's zone files; immutable, any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wfc::flow {

/// A time zone of the system's database ("Asia/Tokyo", "UTC"). Throws std::invalid_argument with the end of a
/// sentence that names the zone (and the nearest known one).
class Zone {
  public:
    explicit Zone(std::string_view name);
    const std::string& name() const noexcept { return name_; }
    /// "2026-11-23T09:00:00+09:00"
    std::string text(std::int64_t unix_s) const;
    struct Rules;  ///< the database's entry; internal
    const Rules& rules() const noexcept { return *rules_; }

  private:
    std::string name_;
    std::shared_ptr<const Rules> rules_;
};

class Cron {
  public:
    /// Throws std::invalid_argument with the end of a sentence that names the field and its range.
    explicit Cron(std::string_view expression);

    /// The first run strictly after `after_unix_s` in `zone`, seconds since 1970 UTC. Nothing when there is
    /// none within the eight years that parsing looks ahead (dates beyond the zone database's reach).
    std::optional<std::int64_t> next(std::int64_t after_unix_s, const Zone& zone) const;

  private:
    // Bit n is value n; the days of the week are 0 (Sunday) to 6.
    std::uint64_t minutes_ = 0;
    std::uint32_t hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
    bool any_minute_ = false, any_hour_ = false;  ///< the field begins with `*`
    bool either_day_ = false;                     ///< both day fields are restricted: OR
};

}  // namespace wfc::flow
