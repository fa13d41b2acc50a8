/// One field of a cron expression. Internal to this folder; no I/O, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace wfc::flow {

/// What may stand in a field.
struct FieldKind {
    std::string_view name;  ///< "day of the month"
    unsigned low, high;
    std::span<const std::string_view> words = {};  ///< for low, low + 1 …, in small letters
};

extern const FieldKind minute_field, hour_field, day_field, month_field, weekday_field;

/// The values that `text` (not empty) stands for, bit n for value n; 7 of the weekday is bit 0 as well as 7.
/// Throws std::invalid_argument with the end of a sentence: `has "60" for the minute; it goes from 0 to 59`.
std::uint64_t parse_field(std::string_view text, const FieldKind& kind);

}  // namespace wfc::flow
