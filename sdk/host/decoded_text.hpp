/// A text with its escapes undone, and where in the text each byte of that came from.
///
/// Guarantees: never longer than the text; what is no escape stays as it is; never fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wfc {

/// `percent`: %40. `equals`: =40, as in quoted-printable. `backslash`: \u0040, \n, \" as in JSON, and \x40.
/// `entity`: &#64;, &#x40;, &amp; as in HTML. `gaps`: blanks, ends of lines, colons and NULs are dropped, and
/// what servers repeat at the beginning of each line of a reply (three digits, a number with two points).
enum class Escapes { percent, equals, backslash, entity, gaps };

class DecodedText {
  public:
    /// The text itself, which outlives this.
    explicit DecodedText(std::string_view source) noexcept : source_(source), text_(source) {}
    DecodedText(const DecodedText& before, Escapes escapes);
    DecodedText(DecodedText&&) = default;
    DecodedText& operator=(DecodedText&&) = delete;
    DecodedText(const DecodedText&) = delete;
    DecodedText& operator=(const DecodedText&) = delete;
    ~DecodedText() = default;

    std::string_view text() const noexcept { return begins_.empty() ? source_ : std::string_view(text_); }
    /// Where the byte `at` of `text` begins in the source; the source's length for the text's.
    std::size_t source(std::size_t at) const noexcept { return begins_.empty() ? at : begins_[at]; }
    /// Where what ends before the byte `at` of `text` ends in the source.
    std::size_t source_end(std::size_t at) const noexcept {
        return begins_.empty() || at == 0 ? source(at) : ends_[at - 1];
    }

  private:
    std::string_view source_;
    std::string text_;
    std::vector<std::uint32_t> begins_;  ///< empty: one to one
    std::vector<std::uint32_t> ends_;
};

/// The text, and those of its decodings that differ from it: escapes within escapes, too. `gaps` is none.
std::vector<DecodedText> decodings(std::string_view text);

}  // namespace wfc
