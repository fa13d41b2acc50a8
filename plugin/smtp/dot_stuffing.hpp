/// The transparency procedure of RFC 5321 section 4.5.2, over a stream.
#pragma once

#include <string>
#include <string_view>

namespace mailsend::smtp {

/// Doubles the dot at the beginning of a line, across chunk borders. Input lines end in CR LF.
class DotStuffing {
  public:
    /// Appends `chunk` to `out`, with dots doubled.
    void append(std::string_view chunk, std::string& out);
    /// The end of data: CR LF first where the last line lacks it.
    std::string_view end() const noexcept { return at_line_start_ ? ".\r\n" : "\r\n.\r\n"; }

  private:
    bool at_line_start_ = true;
};

}  // namespace mailsend::smtp
