/// Lines of a descriptor, bounded.
///
/// Guarantees: never holds more than a line and one read; of a line that is too long nothing is kept and the
/// rest is skipped; what was read is wiped when it is handed on or dropped. Does not look into the bytes.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "wfc/secret.hpp"

namespace wfc::serve {

/// The longest line of the protocol, without its LF, in either direction.
inline constexpr std::size_t longest_line = std::size_t{8} << 20;

/// One thread.
class LineReader {
  public:
    enum class Fault { none, too_long, unfinished };
    struct Line {
        SecretString text{};
        Fault fault = Fault::none;  ///< then there is no text: it was too long, or the input ended in it
    };

    /// `descriptor` is not closed.
    explicit LineReader(int descriptor, std::size_t longest = longest_line) noexcept
        : descriptor_(descriptor), longest_(longest) {}
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    /// Reads once, once all lines were taken; waits where the descriptor does. False at the end of the input,
    /// or where it cannot be read.
    bool fill();
    /// The next line of what was read, or nothing: then more has to be read.
    std::optional<Line> next();

  private:
    int descriptor_;
    std::size_t longest_;
    std::array<char, 65536> bytes_;
    std::size_t from_ = 0, to_ = 0;
    SecretString line_{};
    bool skipping_ = false, ended_ = false;
};

}  // namespace wfc::serve
