/// Reading JSON text (RFC 8259) value by value, without building a tree of it.
///
/// Guarantees: what was read to `finish` is well-formed UTF-8 and JSON, within the bounds on size and nesting,
/// without a member twice in one object and without a number beyond a double; every fault is a JsonFault with
/// the pointer of the value at fault and the byte. Strings without escapes are not copied. Does not convert
/// numbers, and says nothing about members that its caller did not ask for. Needs nothing but the library.
///
///     JsonReader in(document);
///     in.enter_object();
///     for (std::string_view name; in.next_member(name);) {
///         if (name == "host") { host = in.string(); } else { in.skip(); }
///     }
///     in.finish();
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/problem.hpp"

namespace wfc {

/// What a document may cost before it is refused.
struct JsonReaderBounds {
    std::size_t bytes = 8u << 20;  ///< whole document
    std::size_t depth = 32;        ///< nested objects and lists
};

/// The document is no JSON, or not what its reader asked for.
class JsonFault : public std::runtime_error {
  public:
    JsonFault(const char* why, std::string pointer, std::size_t byte)
        : std::runtime_error(why), pointer_(std::move(pointer)), byte_(byte) {}

    /// RFC 6901, of the value that was being read; empty means the document itself.
    const std::string& pointer() const noexcept { return pointer_; }
    /// Where reading ended, from 0.
    std::size_t byte() const noexcept { return byte_; }

  private:
    std::string pointer_;
    std::size_t byte_;
};

/// One thread; the document must outlive it, and what it returns. After a JsonFault it is of no more use.
class JsonReader {
  public:
    enum class Kind { null, boolean, number, string, object, list };

    /// Throws JsonFault for a document larger than the bound. A byte order mark is passed over.
    explicit JsonReader(std::string_view document, JsonReaderBounds bounds = {})
        : text_(document), bounds_(bounds) {
        if (text_.size() > bounds_.bytes) fault("is too large");
        if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    }

    /// What comes next. All below throw JsonFault when it is something else, or no JSON.
    Kind peek() {
        switch (next_byte()) {
            case '{':
                return Kind::object;
            case '[':
                return Kind::list;
            case '"':
                return Kind::string;
            case 't':
            case 'f':
                return Kind::boolean;
            case 'n':
                return Kind::null;
            default:
                return Kind::number;  // or nothing at all, which number() finds out
        }
    }
    void enter_object() { enter('{', "is no object", false); }
    void enter_list() { enter('[', "is no list", true); }
    /// Goes on to the value of the next member; at the end leaves the object and returns false. The value is
    /// to be read or skipped. `name` stays valid until the object is left.
    bool next_member(std::string_view& name) {
        if (leaves('}')) return false;
        if (next_byte() != '"') fault("has no member where one must be");
        std::string decoded;
        name = quoted(decoded);
        if (!decoded.empty()) name = kept_.emplace_back(std::move(decoded));
        remember(name);
        if (next_byte() != ':') fault("has no colon after its name");
        ++at_;
        return true;
    }
    /// Goes on to the next element; at the end leaves the list and returns false.
    bool next_element() { return !leaves(']'); }

    /// Without its escapes; valid until the next string is read or skipped.
    std::string_view string() {
        if (next_byte() != '"') fault("is no string");
        return quoted(decoded_);
    }
    /// As it is written.
    std::string_view number();
    bool boolean() {
        const bool value = next_byte() == 't';
        word(value ? "true" : "false", "is neither true nor false");
        return value;
    }
    void null() {
        next_byte();
        word("null", "is not null");
    }
    /// Reads any value and forgets it.
    void skip();
    /// Nothing but blanks may follow.
    void finish() {
        blanks();
        if (at_ != text_.size()) fault("goes on after its end");
    }

    /// RFC 6901 pointer of the value that is being read.
    std::string pointer() const {
        std::string out;
        for (const Frame& frame : frames_) {
            if (frame.count > 0)
                out = pointer_to(out, frame.list ? std::to_string(frame.count - 1) : std::string(frame.name));
        }
        return out;
    }

  private:
    /// An object or list that has been entered and not left.
    struct Frame {
        bool list = false;
        std::size_t count = 0;        ///< members or elements begun
        std::string_view name{};      ///< of the member at hand
        std::size_t first_name = 0;   ///< of its members in names_
        std::size_t first_kept = 0;   ///< the same in kept_
        /// The names once there are many: hostile documents may have a million.
        std::unique_ptr<std::set<std::string_view>> many{};
    };
    static constexpr std::size_t few = 24;  ///< names that are compared one by one

    [[noreturn]] void fault(const char* why) const { throw JsonFault(why, pointer(), at_); }

    void blanks() noexcept {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
            ++at_;
    }
    char next_byte() {
        blanks();
        if (at_ == text_.size()) fault("ends too early");
        return text_[at_];
    }
    void word(std::string_view expected, const char* why) {
        if (text_.substr(at_, expected.size()) != expected) fault(why);
        at_ += expected.size();
    }
    void enter(char bracket, const char* why, bool list) {
        if (next_byte() != bracket) fault(why);
        if (frames_.size() == bounds_.depth) fault("nests too deep");
        ++at_;
        Frame& frame = frames_.emplace_back();
        frame.list = list;
        frame.first_name = names_.size();
        frame.first_kept = kept_.size();
    }
    /// True when the innermost object or list ends here; otherwise its next member or element begins.
    bool leaves(char bracket) {
        Frame& frame = frames_.back();
        const char next = next_byte();
        if (next == bracket) {
            ++at_;
            names_.resize(frame.first_name);
            kept_.resize(frame.first_kept);
            frames_.pop_back();
            return true;
        }
        if (frame.count > 0) {
            if (next != ',') fault("is followed by neither a comma nor an end");
            ++at_;
        }
        ++frame.count;
        frame.name = {};
        return false;
    }
    void remember(std::string_view name);
    /// The string that begins at the quotation mark; into `decoded` where it holds escapes, which is empty
    /// otherwise or if it is.
    std::string_view quoted(std::string& decoded);
    void escape(std::string& out);
    std::uint32_t four_digits();
    void character();

    std::string_view text_;
    JsonReaderBounds bounds_;
    std::size_t at_ = 0;
    std::vector<Frame> frames_;             ///< outermost first
    std::vector<std::string_view> names_;   ///< of the open objects' members, outermost first
    std::deque<std::string> kept_;          ///< names that were written with escapes
    std::string decoded_;
};

namespace detail {

/// Bytes at the beginning of `text` that stand for themselves in a string: ASCII but controls, quotation mark
/// and backslash.
inline std::size_t unescaped_bytes(std::string_view text) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t tops = 0x8080808080808080u;
    const auto has_zero = [](std::uint64_t eight) { return (eight - ones) & ~eight & tops; };
    std::size_t count = 0;
    for (std::uint64_t eight = 0; count + 8 <= text.size(); count += 8) {
        std::memcpy(&eight, text.data() + count, 8);
        const std::uint64_t controls = (eight - ones * 0x20) & ~eight;
        if (((eight | controls) & tops) != 0 || has_zero(eight ^ (ones * '"')) != 0 ||
            has_zero(eight ^ (ones * '\\')) != 0)
            break;
    }
    for (; count < text.size(); ++count) {
        const auto byte = static_cast<unsigned char>(text[count]);
        if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') break;
    }
    return count;
}

/// Octets of the well-formed character that `text` begins with, 0 when there is none (RFC 3629 section 4).
inline std::size_t character_octets(std::string_view text) noexcept {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = octet(0);
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((octet(i) & 0xC0) != 0x80) return 0;
    }
    const bool overlong = (first == 0xE0 && octet(1) < 0xA0) || (first == 0xF0 && octet(1) < 0x90);
    const bool surrogate = first == 0xED && octet(1) > 0x9F;
    const bool too_high = first == 0xF4 && octet(1) > 0x8F;
    return overlong || surrogate || too_high ? 0 : size;
}

/// `code` in UTF-8.
inline void append_character(std::uint32_t code, std::string& out) {
    const auto put = [&](std::uint32_t octet) { out += static_cast<char>(octet); };
    const auto tail = [&](unsigned shift) { put(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) {
        put(0xC0 | (code >> 6));
        return tail(0);
    }
    if (code < 0x10000) {
        put(0xE0 | (code >> 12));
    } else {
        put(0xF0 | (code >> 18));
        tail(12);
    }
    tail(6);
    tail(0);
}

/// Digits off the front of `rest`.
inline std::string_view take_digits(std::string_view& rest) noexcept {
    std::size_t count = 0;
    while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
    const std::string_view digits = rest.substr(0, count);
    rest.remove_prefix(count);
    return digits;
}

/// Whether WHOLE.FRACTION times ten to the EXPONENT rounds to infinity in a double (IEEE 754 binary64).
inline bool beyond_double(std::string_view whole, std::string_view fraction, std::string_view exponent,
                          bool negative_exponent) {
    constexpr std::string_view infinite = "17976931348623158079";  // 2^1024 - 2^970, its first digits
    std::string digits(whole);
    digits.append(fraction);
    const std::size_t zeros = digits.find_first_not_of('0');
    if (zeros == digits.npos) return false;
    std::int64_t ten_to = static_cast<std::int64_t>(whole.size()) - static_cast<std::int64_t>(zeros);
    std::int64_t written = 0;
    for (const char c : exponent) {
        if (written < 1'000'000'000) written = written * 10 + (c - '0');
    }
    ten_to += negative_exponent ? -written : written;  // the number is 0.DIGITS times ten to this
    return ten_to > 309 || (ten_to == 309 && digits.compare(zeros, infinite.size(), infinite) >= 0);
}

}  // namespace detail

inline void JsonReader::remember(std::string_view name) {
    Frame& frame = frames_.back();
    frame.name = name;
    bool fresh = true;
    if (frame.many) {
        fresh = frame.many->insert(name).second;
    } else {
        for (std::size_t i = frame.first_name; i < names_.size() && fresh; ++i) fresh = names_[i] != name;
        names_.push_back(name);
        if (names_.size() - frame.first_name > few) {
            const auto first = names_.begin() + static_cast<std::ptrdiff_t>(frame.first_name);
            frame.many = std::make_unique<std::set<std::string_view>>(first, names_.end());
        }
    }
    if (!fresh) fault("stands twice in one object");
}

inline std::string_view JsonReader::quoted(std::string& decoded) {
    decoded.clear();
    std::size_t begin = ++at_;  // of what has not been decoded yet
    while (true) {
        at_ += detail::unescaped_bytes(text_.substr(at_));
        if (at_ == text_.size()) fault("has no quotation mark at its end");
        if (text_[at_] == '"') break;
        if (text_[at_] == '\\') {
            decoded.append(text_.substr(begin, at_ - begin));
            escape(decoded);
            begin = at_;
        } else {
            character();
        }
    }
    const std::string_view rest = text_.substr(begin, at_ - begin);
    ++at_;
    if (decoded.empty()) return rest;
    decoded.append(rest);
    return decoded;
}

/// One that is not ASCII.
inline void JsonReader::character() {
    if (static_cast<unsigned char>(text_[at_]) < 0x20) fault("holds a control character");
    const std::size_t octets = detail::character_octets(text_.substr(at_));
    if (octets == 0) fault("is not UTF-8");
    at_ += octets;
}

inline void JsonReader::escape(std::string& out) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
    ++at_;
    if (at_ == text_.size()) fault("has no quotation mark at its end");
    const char letter = text_[at_++];
    if (letter != 'u') {
        const std::size_t found = letters.find(letter);
        if (found == letters.npos) fault("holds an unknown escape");
        out += meant[found];
        return;
    }
    std::uint32_t code = four_digits();
    if (code >= 0xD800 && code < 0xDC00) {  // the first half of a pair
        word("\\u", "holds half a character");
        const std::uint32_t second = four_digits();
        if (second < 0xDC00 || second > 0xDFFF) fault("holds half a character");
        code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
    } else if (code >= 0xDC00 && code <= 0xDFFF) {
        fault("holds half a character");
    }
    detail::append_character(code, out);
}

inline std::uint32_t JsonReader::four_digits() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = at_ < text_.size() ? text_[at_++] : '\0';
        const char lower = static_cast<char>(c | 0x20);
        if (c >= '0' && c <= '9') {
            code = code * 16 + static_cast<std::uint32_t>(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            code = code * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
        } else {
            fault("holds an escape without its four digits");
        }
    }
    return code;
}

inline std::string_view JsonReader::number() {
    next_byte();
    const std::string_view from = text_.substr(at_);
    std::string_view rest = from;
    if (rest.front() == '-') rest.remove_prefix(1);
    const std::string_view whole = detail::take_digits(rest);
    if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) fault("is no value of JSON");
    std::string_view fraction;
    if (!rest.empty() && rest.front() == '.') {
        rest.remove_prefix(1);
        fraction = detail::take_digits(rest);
        if (fraction.empty()) fault("has a point without digits after it");
    }
    std::string_view exponent;
    bool negative = false;
    if (!rest.empty() && (rest.front() == 'e' || rest.front() == 'E')) {
        rest.remove_prefix(1);
        negative = !rest.empty() && rest.front() == '-';
        if (negative || (!rest.empty() && rest.front() == '+')) rest.remove_prefix(1);
        exponent = detail::take_digits(rest);
        if (exponent.empty()) fault("has an exponent without digits");
    }
    if ((whole.size() > 300 || !exponent.empty()) &&
        detail::beyond_double(whole, fraction, exponent, negative))
        fault("is a number out of range");
    const std::string_view written = from.substr(0, from.size() - rest.size());
    at_ += written.size();
    return written;
}

inline void JsonReader::skip() {
    std::string_view name;
    switch (peek()) {
        case Kind::object:
            for (enter_object(); next_member(name);) skip();
            break;
        case Kind::list:
            for (enter_list(); next_element();) skip();
            break;
        case Kind::string:
            string();
            break;
        case Kind::boolean:
            boolean();
            break;
        case Kind::null:
            null();
            break;
        case Kind::number:
            number();
            break;
    }
}

}  // namespace wfc
