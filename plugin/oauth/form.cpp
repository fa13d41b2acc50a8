#include "oauth/form.hpp"

namespace mailsend::oauth {
namespace {

bool unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

void append_encoded(wfc::SecretString& out, std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        const char escaped[3] = {'%', digits[octet >> 4], digits[octet & 15U]};
        if (unreserved(c)) {
            out.append(&c, 1);
        } else {
            out.append(escaped, sizeof escaped);
        }
    }
}

Form& Form::add(std::string_view name, std::string_view value) {
    if (!encoded_.empty()) encoded_.append("&");
    append_encoded(encoded_, name);
    encoded_.append("=");
    append_encoded(encoded_, value);
    return *this;
}

Form& Form::add_some(std::string_view name, std::string_view value) {
    return value.empty() ? *this : add(name, value);
}

Form Form::copy() const {
    Form out;
    out.encoded_ = encoded_.copy();
    return out;
}

std::string with_query(std::string_view url, const Form& form) {
    std::string out(url);
    const std::size_t query = out.find('?');
    if (query == std::string::npos) {
        out += '?';
    } else if (out.back() != '?' && out.back() != '&') {
        out += '&';
    }
    return out.append(form.encoded());
}

}  // namespace mailsend::oauth
