/// Mailboxes of RFC 5322 section 3.4 and their wire forms.
///
/// Guarantees: a parsed AddrSpec holds no CR, LF, NUL or other control character; its domain is an A-label
/// name or an address literal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailsend {

/// `local@domain`.
struct AddrSpec {
    std::string local;   ///< without quotes; UTF-8
    std::string domain;  ///< lower-case A-labels (RFC 5891) or "[192.0.2.1]"

    /// The form between angle brackets: the local part quoted where RFC 5321 section 4.1.2 demands it.
    std::string wire() const;
    /// True when the local part is not ASCII: the server must offer SMTPUTF8 (RFC 6531).
    bool needs_smtputf8() const noexcept;
    friend bool operator==(const AddrSpec&, const AddrSpec&) = default;
};

struct Mailbox {
    std::string display_name;  ///< UTF-8, may be empty
    AddrSpec address;
};

/// Reads one "Name <a@b>" or "a@b". Throws std::invalid_argument with a sentence ("… has no @").
Mailbox parse_mailbox(std::string_view text);

/// Reads a list separated by commas; groups are refused. Throws std::invalid_argument.
std::vector<Mailbox> parse_mailbox_list(std::string_view text);

/// Reads `local@domain` as given apart from any display name. Throws std::invalid_argument.
AddrSpec parse_addr_spec(std::string_view text);

}  // namespace mailsend
