/// A document that cannot be used: which member, why, and what was probably meant.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wfc/component.h"

namespace wfc {

/// Thrown by parsers of settings and input; nothing has been attempted. `what()` is one English sentence.
class Problem : public std::runtime_error {
  public:
    Problem(wfc_status status, std::string pointer, const std::string& sentence)
        : std::runtime_error(whole(sentence)), status_(status), pointer_(std::move(pointer)) {}

    /// WFC_INVALID_SETTINGS, WFC_INVALID_INPUT, WFC_UNSUPPORTED …
    wfc_status status() const noexcept { return status_; }
    /// RFC 6901 pointer to the member at fault; empty means the document itself.
    const std::string& pointer() const noexcept { return pointer_; }

  private:
    /// `what()` ends at the first NUL, and a member's name may hold one.
    static std::string whole(std::string sentence) {
        for (std::size_t at = 0; (at = sentence.find('\0', at)) != sentence.npos;)
            sentence.replace(at, 1, "\\x00");
        return sentence;
    }

    wfc_status status_;
    std::string pointer_;
};

/// Appends one reference token to an RFC 6901 pointer.
inline std::string pointer_to(std::string_view parent, std::string_view member) {
    std::string out(parent);
    out += '/';
    for (const char c : member) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

/// A pointer as it may stand in a sentence: member names come from outside, so control characters are
/// replaced and what is longer than 200 bytes is cut (between characters).
inline std::string shortened(std::string_view pointer) {
    std::size_t end = pointer.size();
    if (end > 200) {
        for (end = 197; end > 0 && (static_cast<unsigned char>(pointer[end]) & 0xC0) == 0x80;) --end;
    }
    std::string out(pointer.substr(0, end));
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    }
    return end < pointer.size() ? out + "..." : out;
}

/// The word of `known` nearest to `word` (Levenshtein, swapped neighbours count one), or empty when none is
/// near enough to be a slip of the hand. Case is ignored; words over 64 bytes have no neighbours.
template <class Words>
std::string_view nearest(std::string_view word, const Words& known) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    const auto distance = [&](std::string_view a, std::string_view b) {
        std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
        for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
        for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            for (std::size_t j = 1; j <= b.size(); ++j) {
                const bool same = lower(a[i - 1]) == lower(b[j - 1]);
                d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same ? 0u : 1u)});
                if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                    lower(a[i - 2]) == lower(b[j - 1])) {
                    d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.size()][b.size()];
    };
    if (word.size() > 64) return {};
    std::string_view best;
    std::size_t best_distance = word.size() / 3 + 1;
    for (const std::string_view candidate : known) {
        const std::size_t far = distance(word, candidate);
        if (far < best_distance || (far == best_distance && best.empty())) {
            best = candidate;
            best_distance = far;
        }
    }
    return best;
}

}  // namespace wfc
