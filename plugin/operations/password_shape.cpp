#include "operations/password_shape.hpp"

#include <algorithm>
#include <array>

namespace mailsend {
namespace {

constexpr std::size_t letters_of_app_password = 16;

/// Blank, tab, U+00A0 (no-break space), U+202F (narrow no-break space), U+2002 to U+200B (spaces by width,
/// the last without any), U+2060 (word joiner), U+3000 (as wide as a Kanji), U+FEFF (no width, no break).
constexpr std::array<std::string_view, 17> blanks = {" ",
                                                     "\t",
                                                     "\xC2\xA0",
                                                     "\xE2\x80\xAF",
                                                     "\xE2\x80\x82",
                                                     "\xE2\x80\x83",
                                                     "\xE2\x80\x84",
                                                     "\xE2\x80\x85",
                                                     "\xE2\x80\x86",
                                                     "\xE2\x80\x87",
                                                     "\xE2\x80\x88",
                                                     "\xE2\x80\x89",
                                                     "\xE2\x80\x8A",
                                                     "\xE2\x80\x8B",
                                                     "\xE2\x81\xA0",
                                                     "\xE3\x80\x80",
                                                     "\xEF\xBB\xBF"};

/// Bytes of the blank that `text` begins with, 0 for none.
std::size_t blank_at(std::string_view text) noexcept {
    for (const std::string_view blank : blanks) {
        if (text.starts_with(blank)) return blank.size();
    }
    return 0;
}

}  // namespace

PasswordShape shape_of(std::string_view password) {
    if (password.empty()) return PasswordShape::empty;
    if (password.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
        return PasswordShape::broken;
    return is_sixteen_letters(without_blanks(password).reveal()) ? PasswordShape::app_password
                                                                 : PasswordShape::other;
}

wfc::SecretString without_blanks(std::string_view pasted) {
    wfc::SecretString joined;
    joined.reserve(pasted.size());
    while (!pasted.empty()) {
        const std::size_t blank = blank_at(pasted);
        if (blank == 0) joined.append(pasted.substr(0, 1));
        pasted.remove_prefix(std::max<std::size_t>(blank, 1));
    }
    return joined;
}

bool is_sixteen_letters(std::string_view password) noexcept {
    return password.size() == letters_of_app_password &&
           std::all_of(password.begin(), password.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

}  // namespace mailsend
