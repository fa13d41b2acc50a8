/// The lines of a text whose line ends are of every kind: LF, CR, CR LF.
///
/// Guarantees: linear in the text's size, whatever it consists of; nothing is copied. Header only: this is
/// the inner loop of composing.
#pragma once

#include <cstddef>
#include <string_view>

namespace mailsend {

/// Goes from line to line of a text that outlives it.
class TextLines {
  public:
    explicit TextLines(std::string_view text) noexcept
        : text_(text), cr_(position('\r', 0)), lf_(position('\n', 0)) {}

    /// To the next line, the first at first; false at the end. What ends in a line end has no line behind it.
    bool next() noexcept {
        if (at_ == text_.size()) return false;
        // Each is looked for again only when it has been passed, so that no octet is looked at twice.
        if (cr_ < at_) cr_ = position('\r', at_);
        if (lf_ < at_) lf_ = position('\n', at_);
        const std::size_t end = cr_ < lf_ ? cr_ : lf_;
        line_ = text_.substr(at_, end - at_);
        ended_ = end < text_.size();
        const bool both = end == cr_ && lf_ == cr_ + 1 && lf_ < text_.size();
        at_ = end + (both ? 2 : ended_ ? 1 : 0);
        return true;
    }

    /// Without its end.
    std::string_view line() const noexcept { return line_; }
    /// False for a last line without a line end.
    bool ended() const noexcept { return ended_; }

  private:
    std::size_t position(char c, std::size_t from) const noexcept {
        const std::size_t found = text_.find(c, from);
        return found == std::string_view::npos ? text_.size() : found;
    }

    std::string_view text_;
    std::string_view line_;
    std::size_t at_ = 0;
    std::size_t cr_;  ///< the first one from at_ on, or the end; as lf_
    std::size_t lf_;
    bool ended_ = false;
};

}  // namespace mailsend
