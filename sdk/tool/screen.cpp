#include "tool/screen.hpp"

#include <cstdlib>
#include <string_view>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace wfc::tool {

constexpr unsigned short narrowest = 10;

Screen Screen::of(int descriptor) noexcept {
    Screen out;
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        out.columns = size.ws_col < narrowest ? narrowest : size.ws_col;
    const char* term = std::getenv("TERM");
    out.terminal = isatty(descriptor) == 1 && term != nullptr && std::string_view(term) != "dumb";
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        const std::string_view locale = value;
        const std::string_view set =
            locale.substr(locale.find('.') == locale.npos ? locale.size() : locale.find('.') + 1);
        out.unicode = strncasecmp(set.data(), "utf-8", 5) == 0 || strncasecmp(set.data(), "utf8", 4) == 0;
        break;
    }
    return out;
}

}  // namespace wfc::tool
