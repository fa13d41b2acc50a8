/// Reading JSON text (RFC 8259) value by value, without building a tree of it.
///
/// Guarantees: what was read to `finish` is well-formed UTF-8 and JSON, within the bounds on size and
/// nesting, without a member twice in one object and without a number beyond a double; every fault is a
/// JsonFault with the pointer of the value at fault and the byte. Strings without escapes are not copied.
/// Does not convert numbers, and says nothing about members that its caller did not ask for. Needs nothing
/// but the library.
///
///     JsonReader in(document);
///     in.enter_object();
///     for (std::string_view name; in.next_member(name);) {
///         if (name == "host") { host = in.string(); } else { in.skip(); }
///     }
///     in.finish();
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/json_scan.hpp"
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
    /// The same, and returns how it is written.
    std::string_view raw() {
        next_byte();
        const std::size_t begin = at_;
        skip();
        return text_.substr(begin, at_ - begin);
    }
    /// Nothing but blanks may follow.
    void finish() {
        blanks();
        if (at_ != text_.size()) fault("goes on after its end");
    }

    /// RFC 6901 pointer of the value that is being read.
    std::string pointer() const {
        std::string out;
        for (const Frame& frame : frames_) {
            if (frame.list && frame.count > 0) out = pointer_to(out, std::to_string(frame.count - 1));
            if (frame.named) out = pointer_to(out, frame.name);
        }
        return out;
    }

  private:
    /// An object or list that has been entered and not left.
    struct Frame {
        bool list = false;
        std::size_t count = 0;  ///< members or elements begun
        bool named = false;     ///< the name of the member at hand is known
        std::string_view name{};
        std::size_t first_name = 0;  ///< of its members in names_
        std::size_t first_kept = 0;  ///< the same in kept_
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
        frame.named = false;
        return false;
    }
    void remember(std::string_view name);
    /// The string that begins at the quotation mark; into `decoded` where it holds escapes, which is empty
    /// otherwise or if it is.
    std::string_view quoted(std::string& decoded);
    void character();

    std::string_view text_;
    JsonReaderBounds bounds_;
    std::size_t at_ = 0;
    std::vector<Frame> frames_;            ///< outermost first
    std::vector<std::string_view> names_;  ///< of the open objects' members, outermost first
    std::deque<std::string> kept_;         ///< names that were written with escapes
    std::string decoded_;
};

inline void JsonReader::remember(std::string_view name) {
    Frame& frame = frames_.back();
    frame.name = name;
    frame.named = true;
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
            std::string_view escape = text_.substr(at_);
            const char* const why = detail::take_escape(escape, decoded);
            begin = at_ = text_.size() - escape.size();
            if (why != nullptr) fault(why);
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

inline std::string_view JsonReader::number() {
    next_byte();
    const std::string_view from = text_.substr(at_);
    std::string_view rest = from;
    if (const char* why = detail::take_number(rest)) fault(why);
    at_ += from.size() - rest.size();
    return from.substr(0, from.size() - rest.size());
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
