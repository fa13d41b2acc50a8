/// The rule at the end of a zone's file, by which its clock changes after the last change that the file
/// lists. Internal to this folder.
///
/// RFC 8536 section 3.3: a POSIX TZ string such as "CET-1CEST,M3.5.0,M10.5.0/3", with the times of a change
/// from -167 to 167 hours. Neither date's library nor its ptz.h evaluates such a line ("/-1" is Greenland's).
/// Immutable, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace wfc::flow {

/// A stretch of time with one offset: [begin, end) in seconds since 1970 UTC, local time = UTC + offset.
struct Span {
    std::int64_t begin, end, offset;
};

class Footer {
  public:
    /// A rule that holds from an instant on. Throws std::invalid_argument with the end of a sentence that
    /// quotes the rule.
    explicit Footer(std::string_view rule, std::int64_t from = std::numeric_limits<std::int64_t>::min());

    std::int64_t from() const noexcept { return from_; }
    /// What the rule says of an instant that is not before `from`, of the years 0 to 10000.
    Span at(std::int64_t unix_s) const;

  private:
    /// A day of each year and a time on it, in seconds after its midnight.
    struct Change {
        enum class Kind : unsigned char { week, julian, day } kind;
        unsigned month, week, day;  ///< `week`: week 5 is the last, day 0 Sunday; otherwise `day` of the year
        std::int64_t time;

        std::int64_t local(std::chrono::year year) const;  ///< seconds of local time
    };
    friend class FooterReader;

    std::int64_t from_;
    std::int64_t standard_ = 0, summer_ = 0;            ///< offsets
    std::optional<std::pair<Change, Change>> changes_;  ///< to summer time, from summer time
};

/// The rule of a zone's file, which holds from the last change on that the file lists; nothing where it has
/// none (version 1, or an empty line). Reads both headers, that change and the last 512 bytes. Throws
/// std::invalid_argument with the end of a sentence for what is no such file.
std::optional<Footer> read_footer(const std::filesystem::path& file);

}  // namespace wfc::flow
