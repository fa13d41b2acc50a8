/// The rows of a batch as they come out of a source: JSON Lines, one object a line.
///
/// Guarantees: at most one line is held, whatever the source delivers; a line that is too long is counted and
/// passed over. Lines end in LF or CR LF, the last one needs no end; blank ones are no rows but count as
/// lines; a byte order mark at the start is dropped. Does not look into a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "wfc/stream.hpp"

namespace mailsend {

struct BatchLine {
    std::uint64_t number = 0;  ///< from 1
    std::string text;          ///< empty where it is too long
    bool too_long = false;
    std::uint64_t octets = 0;  ///< in the source
};

/// One thread at a time.
class BatchLines {
  public:
    static constexpr std::size_t longest = std::size_t{1} << 20;

    explicit BatchLines(wfc::Source source) : source_(std::move(source)) {}

    /// The next row, or nothing at the end. Throws wfc::StreamFailed.
    std::optional<BatchLine> next();
    /// Octets of the whole source, where the host knows.
    std::optional<std::uint64_t> size() const noexcept { return source_.size(); }

  private:
    bool fill();
    bool gather(BatchLine& line);

    wfc::Source source_;
    std::string buffer_;
    std::size_t at_ = 0;
    std::uint64_t lines_ = 0;
    std::uint64_t passed_over_ = 0;  ///< octets of blank lines, which the next row answers for
    bool begun_ = false;
    bool ended_ = false;
};

}  // namespace mailsend
