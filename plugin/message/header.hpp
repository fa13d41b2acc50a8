/// Header fields (RFC 5322 section 2.2) and their lines: the one place where they are written.
///
/// Guarantees: no name and no value brings a CR, LF or NUL of its own; lines end in CR LF, are at most 78
/// octets wherever a legal fold exists (76 with encoded words) and never more than 998; every line has
/// something besides blanks. What is not ASCII is encoded, local parts of addresses excepted (RFC 6532). Does
/// not know which fields a message needs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "message/address.hpp"
#include "message/parameter.hpp"

namespace mailsend {

/// Names and values of header lines as a HeaderBlock writes them, unfolded and still encoded.
std::vector<std::pair<std::string, std::string>> unfolded(std::string_view wire);

/// Fields in the order in which they were added. Every method throws std::invalid_argument with a sentence
/// for a bad name or value and adds nothing then.
class HeaderBlock {
  public:
    /// Free text (section 3.2.5) that arrives as it is given, blanks included: Subject.
    void text(std::string_view name, std::string_view value);
    /// A field whose grammar is not known here. Blanks around the value are dropped, and it is encoded only
    /// if it cannot stay as it is: an encoded word inside a URL or a token would change its meaning.
    void custom(std::string_view name, std::string_view value);
    /// Address list (section 3.4), folded between mailboxes.
    void mailboxes(std::string_view name, std::span<const Mailbox> value);
    /// An ASCII value, folded at its blanks, with parameters (RFC 2045 section 5.1).
    void structured(std::string_view name, std::string_view value,
                    std::span<const Parameter> parameters = {});

    /// True when a field of that name (case ignored) is there.
    bool has(std::string_view name) const noexcept;
    /// All lines, without the empty one that ends a header section.
    const std::string& wire() const noexcept { return wire_; }
    /// The same, given away: the block is empty then.
    std::string take_wire() noexcept { return std::exchange(wire_, {}); }
    /// Room for that many octets, so that adding fields up to there allocates nothing.
    void reserve(std::size_t octets) { wire_.reserve(octets); }
    /// Names and values, unfolded and still encoded.
    std::vector<std::pair<std::string, std::string>> fields() const { return unfolded(wire_); }

  private:
    std::string wire_;
};

}  // namespace mailsend
