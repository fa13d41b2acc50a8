/// The transparency procedure of RFC 5321 section 4.5.2, over a stream.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailsend::smtp {

/// Where a line of `text` begins with a dot: the first such place from `from` on, or text.size(). A line
/// begins behind LF, and at the beginning where `at_line_start` says so. Reads each octet once, many in a
/// step.
std::size_t next_leading_dot(std::string_view text, std::size_t from, bool at_line_start) noexcept;

/// The end of data: CR LF first where the last line lacks it.
constexpr std::string_view end_of_data_behind(bool whole_line) noexcept {
    return whole_line ? ".\r\n" : "\r\n.\r\n";
}

/// Doubles the dot at the beginning of a line, across chunk borders. Input lines end in CR LF.
class DotStuffing {
  public:
    /// Appends `chunk` to `out`, with dots doubled.
    void append(std::string_view chunk, std::string& out);
    std::string_view end() const noexcept { return end_of_data_behind(at_line_start_); }

  private:
    bool at_line_start_ = true;
};

}  // namespace mailsend::smtp
