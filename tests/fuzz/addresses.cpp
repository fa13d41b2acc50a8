// Addresses: whatever is taken can be written into a command line, and is read back as the same address.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "message/address.hpp"

namespace {

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet < 0x20 || octet == 0x7f;
    });
}

void check(const mailsend::Mailbox& mailbox) {
    const std::string wire = mailbox.address.wire();
    if (wire.empty() || has_control(wire) || has_control(mailbox.display_name)) std::abort();
    if (!(mailsend::parse_addr_spec(wire) == mailbox.address)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        for (const mailsend::Mailbox& mailbox : mailsend::parse_mailbox_list(text)) check(mailbox);
    } catch (const std::invalid_argument&) {
        // The only way to refuse.
    }
    try {
        check(mailsend::parse_mailbox(text));
    } catch (const std::invalid_argument&) {
    }
    return 0;
}
