/// What a zone's rules say about one instant. Internal to this folder: sees instants, never local times, so
/// that gaps and overlaps are decided in one place (cron.cpp).
#pragma once

#include <cstdint>
#include <optional>

#include "flow/zone.hpp"
#include "flow/zone_footer.hpp"

namespace date {
class time_zone;
}

namespace wfc::flow {

struct Zone::Rules {
    const date::time_zone* zone = nullptr;  ///< of the process-wide database; null: UTC
    std::optional<Footer> footer;           ///< for what comes after the changes that `zone` has

    /// The first and the last span of a zone reach beyond the years 0 and 10000.
    Span at(std::int64_t unix_s) const;
};

/// The years that schedules and texts are about, in seconds since 1970 UTC.
inline constexpr std::int64_t year_0_s = -62'167'219'200;
inline constexpr std::int64_t year_10000_s = 253'402'300'800;

}  // namespace wfc::flow
