#include "flow/cron_fields.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>

#include "wfc/problem.hpp"

namespace wfc::flow {

namespace {

constexpr std::array<std::string_view, 12> month_words = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_words = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

/// One entry of a list.
class Entry {
  public:
    Entry(std::string_view text, const FieldKind& kind) : text_(text), kind_(kind) {}

    std::uint64_t values() const {
        const std::size_t slash = text_.find('/');
        const std::string_view range = text_.substr(0, slash);
        const std::size_t dash = range.find('-');
        unsigned low = kind_.low, high = kind_.high, step = 1;
        if (range != "*") {
            low = high = value(range.substr(0, dash));
            if (dash != range.npos) high = range_end(low, range.substr(dash + 1));
        }
        if (slash != text_.npos) {
            if (range != "*" && dash == range.npos) {
                refuse("; a step follows * or a range, as in " + std::to_string(low) + "-" +
                       std::to_string(kind_.high) + std::string(text_.substr(slash)));
            }
            const auto number = digits(text_.substr(slash + 1));
            if (!number || *number == 0 || *number > kind_.high) {
                refuse("; a step there goes from 1 to " + std::to_string(kind_.high));
            }
            step = *number;
        }
        std::uint64_t bits = 0;
        for (unsigned n = low; n <= high; n += step) bits |= std::uint64_t{1} << n;
        return bits;
    }

  private:
    unsigned range_end(unsigned low, std::string_view end) const {
        unsigned high = value(end);
        // Sunday ends a week as well as it begins one: FRI-SUN is 5-7.
        if (&kind_ == &weekday_field && high == 0 && low > 0 && digits(end) != 0u) high = 7;
        if (high < low) refuse(", a range that runs backwards; write two, with a comma between them");
        return high;
    }

    unsigned value(std::string_view word) const {
        for (unsigned i = 0; i < kind_.words.size(); ++i) {
            if (same(word, kind_.words[i])) return kind_.low + i;
        }
        const auto number = digits(word);
        if (!number || *number < kind_.low || *number > kind_.high) {
            std::string range = std::to_string(kind_.low) + " to " + std::to_string(kind_.high);
            if (!kind_.words.empty()) {
                range.append(" or ").append(kind_.words.front()).append(" to ").append(kind_.words.back());
            }
            refuse(number && word == text_
                       ? "; it goes from " + range
                       : "; write *, numbers from " + range + ", ranges (low-high) and lists of them");
        }
        return *number;
    }

    static std::optional<unsigned> digits(std::string_view text) {
        unsigned number = 0;
        const char* end = text.data() + text.size();
        const auto [stop, fault] = std::from_chars(text.data(), end, number);
        if (fault != std::errc{} || stop != end) return std::nullopt;
        return number;
    }

    static bool same(std::string_view word, std::string_view small) {
        if (word.size() != small.size()) return false;
        for (std::size_t i = 0; i < word.size(); ++i) {
            const char c = word[i];
            if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != small[i]) return false;
        }
        return true;
    }

    [[noreturn]] void refuse(const std::string& why) const {
        throw std::invalid_argument("has \"" + shortened(text_) + "\" for the " + std::string(kind_.name) +
                                    why);
    }

    std::string_view text_;
    const FieldKind& kind_;
};

}  // namespace

const FieldKind minute_field = {"minute", 0, 59};
const FieldKind hour_field = {"hour", 0, 23};
const FieldKind day_field = {"day of the month", 1, 31};
const FieldKind month_field = {"month", 1, 12, month_words};
const FieldKind weekday_field = {"day of the week", 0, 7, weekday_words};

std::uint64_t parse_field(std::string_view text, const FieldKind& kind) {
    std::uint64_t bits = 0;
    for (;;) {
        const std::size_t comma = text.find(',');
        bits |= Entry(text.substr(0, comma), kind).values();
        if (comma == text.npos) return bits;
        text.remove_prefix(comma + 1);
    }
}

}  // namespace wfc::flow
