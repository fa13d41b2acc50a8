/// JSON text written from front to back, without a tree of values in between.
///
/// Guarantees: commas and escapes stand where they must, and what is not UTF-8 is replaced by U+FFFD: the
/// same bytes as nlohmann::json writes with error_handler_t::replace and without indentation. Does not check
/// that objects and lists are closed, or that every member has a value: that is its caller's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mailsend {

/// One thread.
class JsonText {
  public:
    /// `room`: bytes that the text will probably take.
    explicit JsonText(std::size_t room) { text_.reserve(room); }

    JsonText& open_object() { return open('{'); }
    JsonText& close_object() { return close('}'); }
    JsonText& open_list() { return open('['); }
    JsonText& close_list() { return close(']'); }
    /// The name of the member whose value comes next.
    JsonText& member(std::string_view name);
    JsonText& string(std::string_view value);
    JsonText& number(std::uint64_t value);
    JsonText& boolean(bool value) { return json(value ? "true" : "false"); }
    /// A value that is JSON already.
    JsonText& json(std::string_view value);
    /// A list of strings.
    template <class Strings>
    JsonText& strings(const Strings& values) {
        open_list();
        for (const auto& value : values) string(value);
        return close_list();
    }

    /// The text; nothing may be written afterwards.
    std::string take() { return std::move(text_); }

  private:
    JsonText& open(char bracket) {
        separate();
        text_ += bracket;
        return *this;
    }
    JsonText& close(char bracket) {
        text_ += bracket;
        return *this;
    }
    /// A comma, unless what comes is the first of its object or list, or the value of a member.
    void separate();

    std::string text_;
};

}  // namespace mailsend
