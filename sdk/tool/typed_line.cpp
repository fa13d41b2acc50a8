#include "tool/typed_line.hpp"

#include <utility>

namespace wfc::tool {

namespace {

constexpr std::size_t longest = std::size_t{64} << 10;

}  // namespace

/// Takes the last character away, all bytes of it.
void TypedLine::rub_out() {
    std::string_view rest = text_.reveal();
    while (!rest.empty() && (static_cast<unsigned char>(rest.back()) & 0xC0u) == 0x80u) rest.remove_suffix(1);
    if (!rest.empty()) rest.remove_suffix(1);
    SecretString shorter(rest);
    text_ = std::move(shorter);
}

/// Follows what keys without a character send: ESC [ … a letter, ESC O and a letter, ESC and any other.
bool TypedLine::part_of_sequence(char byte) noexcept {
    switch (sequence_) {
        case Sequence::none:
            if (byte == 27) sequence_ = Sequence::begun;
            return byte == 27;
        case Sequence::begun:
            if (static_cast<unsigned char>(byte) < 32) {  // ESC itself was typed
                sequence_ = byte == 27 ? Sequence::begun : Sequence::none;
                return byte == 27;
            }
            sequence_ = byte == '[' ? Sequence::parameters : byte == 'O' ? Sequence::last : Sequence::none;
            return true;
        case Sequence::parameters:
            if (static_cast<unsigned char>(byte) < 32) {  // none of it: a line end must not be lost
                sequence_ = Sequence::none;
                return part_of_sequence(byte);
            }
            if (byte >= '@' && byte <= '~') sequence_ = Sequence::none;
            return true;
        default:
            sequence_ = Sequence::none;
            return true;
    }
}

TypedLine::Key TypedLine::take(char byte) {
    if (part_of_sequence(byte)) return Key::ignored;
    switch (byte) {
        case '\n':
        case '\r':
            return Key::done;
        case 3:   // Ctrl-C
        case 28:  // Ctrl and the backslash
            return Key::leave;
        case 4:  // Ctrl-D
            return text_.empty() ? Key::leave : Key::done;
        case 8:
        case 127:
            rub_out();
            return Key::more;
        case 21:  // Ctrl-U
            text_.clear();
            return Key::more;
        default:
            if (static_cast<unsigned char>(byte) < 32) return Key::ignored;
            if (text_.size() >= longest) return Key::too_long;
            text_.append(&byte, 1);
            return Key::more;
    }
}

SecretString TypedLine::text() {
    sequence_ = Sequence::none;
    return std::exchange(text_, SecretString());
}

}  // namespace wfc::tool
