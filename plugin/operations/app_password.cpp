#include "operations/app_password.hpp"

#include <array>
#include <string_view>

#include "settings/providers.hpp"

namespace mailsend {
namespace {

constexpr std::size_t shortest = 12;

/// What web pages put between groups: a blank, a tab, U+00A0 (no-break space), U+202F (narrow no-break
/// space).
constexpr std::array<std::string_view, 4> blanks = {" ", "\t", "\xC2\xA0", "\xE2\x80\xAF"};

/// Bytes of the blank that `text` begins with, 0 for none.
std::size_t blank_at(std::string_view text) {
    for (const std::string_view blank : blanks) {
        if (text.starts_with(blank)) return blank.size();
    }
    return 0;
}

bool letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string provider_of(const ServerSettings& server) {
    if (!server.provider.empty()) return server.provider;
    const Provider* const known = provider_of_host(server.host);
    return known == nullptr ? std::string() : known->id;
}

bool groups_app_passwords(const std::string& provider) {
    const Provider* const known = provider.empty() ? nullptr : find_provider(provider);
    return known != nullptr && known->spaces_in_app_password;
}

wfc::SecretString without_groups(wfc::SecretString pasted) {
    wfc::SecretString joined;
    joined.reserve(pasted.size());
    std::string_view rest = pasted.reveal();
    std::size_t groups = 0;
    std::size_t group_size = 0;
    while (!rest.empty()) {
        if (const std::size_t blank = blank_at(rest)) {
            rest.remove_prefix(blank);
            continue;
        }
        std::size_t size = 0;
        while (size < rest.size() && letter_or_digit(rest[size])) ++size;
        if (size == 0 || (groups > 0 && size != group_size)) return pasted;
        group_size = size;
        ++groups;
        joined.append(rest.substr(0, size));
        rest.remove_prefix(size);
        if (!rest.empty() && blank_at(rest) == 0) return pasted;
    }
    return groups > 1 && joined.size() >= shortest ? std::move(joined) : std::move(pasted);
}

}  // namespace mailsend
