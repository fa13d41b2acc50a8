/// Finds secrets in texts that are about to be given away.
///
/// Guarantees: what is known of a secret stands in memory that is wiped. Found are the value, its percent-
/// encoding, base64, base64url (also within something longer that was encoded as a whole, as a user name and
/// a password are) and hexadecimal form, the strings of a value that is JSON, the lines of one that has
/// several, and its beginning where a text was cut off. A value shorter than four bytes is found as a whole
/// word only. Escapes are the caller's: see decoded_text.hpp.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "wfc/secret.hpp"

namespace wfc {

/// From and until, in bytes.
using Span = std::pair<std::size_t, std::size_t>;

/// One thread at a time.
class SecretTraces {
  public:
    void add(std::string_view value);
    /// Adds the places in `text`; they may overlap.
    void find(std::string_view text, std::vector<Span>& into) const;

  private:
    struct Trace {
        SecretString text;
        bool encoded;  ///< a piece of base64 or hexadecimal: what it stands in is taken as a whole
    };
    void add_part(std::string_view part);
    /// What stands at `before` modulo three of something that is encoded as a whole.
    void add_base64(std::string_view part, std::size_t before);
    void keep(std::string_view text, bool encoded);

    std::vector<Trace> traces_{};
};

}  // namespace wfc
