#include "serve/random_name.hpp"

#include <array>
#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace wfc::serve {

std::string random_name() {
    std::array<unsigned char, 16> bytes;
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw std::system_error(errno, std::generic_category(), "no random bytes");
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const unsigned char byte : bytes) {
        out += digits[byte >> 4u];
        out += digits[byte & 15u];
    }
    return out;
}

}  // namespace wfc::serve
