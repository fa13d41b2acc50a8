#include "delivery/ehlo_name.hpp"

#include <unistd.h>

namespace mailsend::delivery {
namespace {

/// Letters, digits, hyphens and at least one dot between labels; "localhost.localdomain" says nothing to
/// anybody.
bool fully_qualified(std::string_view name) noexcept {
    if (name.empty() || name.size() > 253 || name.find('.') == name.npos) return false;
    if (name.substr(0, 9) == "localhost") return false;
    char before = '.';
    for (const char c : name) {
        const bool letter_or_digit =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter_or_digit && c != '-' && c != '.') return false;
        if (before == '.' && !letter_or_digit) return false;
        if (c == '.' && before == '-') return false;
        before = c;
    }
    return before != '.' && before != '-';
}

}  // namespace

std::string default_ehlo_name(std::string_view machine, std::string_view local_address) {
    if (fully_qualified(machine)) return std::string(machine);
    std::string literal = local_address.find(':') == local_address.npos ? "[" : "[IPv6:";
    return literal.append(local_address).append("]");
}

std::string machine_name() {
    char name[256] = {};
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace mailsend::delivery
