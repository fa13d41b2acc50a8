/// What a zone's rules say about one instant. Internal to this folder: sees instants, never local times, so
/// that gaps and overlaps are decided in one place (cron.cpp).
#pragma once

#include <cstdint>

#include "flow/zone.hpp"

namespace date {
class time_zone;
}

namespace wfc::flow {

/// A stretch of time with one offset: [begin, end) in seconds since 1970 UTC, local time = UTC + offset.
/// The first and the last of a zone reach to the years -32767 and 32767.
struct Span {
    std::int64_t begin, end, offset;
};

struct Zone::Rules {
    const date::time_zone* zone;  ///< of the process-wide database

    Span at(std::int64_t unix_s) const;
};

/// The years that schedules and texts are about, in seconds since 1970 UTC.
inline constexpr std::int64_t year_0_s = -62'167'219'200;
inline constexpr std::int64_t year_10000_s = 253'402'300'800;

}  // namespace wfc::flow
