/// Emphasis for terminals: empty where standard error or output is none, or NO_COLOR is set (no-color.org).
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>

namespace wfc::tool {

class Style {
  public:
    explicit Style(bool colours) noexcept : colours_(colours) {}
    static Style of(int fd) noexcept {
        const char* no_color = std::getenv("NO_COLOR");
        const char* term = std::getenv("TERM");
        const bool dumb = term == nullptr || std::string_view(term) == "dumb";
        return Style((no_color == nullptr || *no_color == '\0') && !dumb && isatty(fd) == 1);
    }

    std::string bold(std::string_view text) const { return wrap("1", text); }
    std::string dim(std::string_view text) const { return wrap("2", text); }
    std::string red(std::string_view text) const { return wrap("1;31", text); }
    std::string yellow(std::string_view text) const { return wrap("33", text); }

  private:
    std::string wrap(const char* code, std::string_view text) const {
        if (!colours_) return std::string(text);
        return std::string("\x1b[").append(code).append("m").append(text).append("\x1b[0m");
    }
    bool colours_;
};

}  // namespace wfc::tool
