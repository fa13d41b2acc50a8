/// Finds secrets in texts that are about to be given away.
///
/// Guarantees: what is known of a secret stands in memory that is wiped. Found are the value and its percent-
/// encoding, or eight bytes of them in a row; its base64, base64url (also within something longer that was
/// encoded as a whole, as a user name and a password are) and hexadecimal form, or twelve characters of them;
/// the same of its UTF-16; the strings of a value that is JSON, the lines of one that has several; and its
/// beginning where a text was cut off. Letter case does not matter. A value of less than four bytes, and one
/// that is a word everybody knows, is found as a whole text only, and so are pieces of a value that such
/// words have, too. Escapes and gaps are the caller's: see decoded_text.hpp.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/shared_runs.hpp"
#include "wfc/secret.hpp"

namespace wfc {

/// One thread at a time.
class SecretTraces {
  public:
    /// A word that is public: to blot it out would tell that it is a secret. Before `add`.
    void public_word(std::string_view word);
    void add(std::string_view value);
    /// Adds the places in `text`; they may overlap. `gaps`: its gaps were dropped.
    void find(std::string_view text, bool gaps, std::vector<Span>& into) const;
    /// Whether it is a whole secret.
    bool is_one(std::string_view text) const;

  private:
    struct Trace {
        SecretString text;
        bool encoded;  ///< a piece of base64 or hexadecimal: what it stands in is taken as a whole
    };
    /// `alone`: it is nothing but the secret, so that each piece of it is secret.
    void add_part(std::string_view part, bool alone);
    /// What stands at `before` modulo three of something that is encoded as a whole.
    void add_base64(std::string_view part, std::size_t before);
    void keep(std::string_view text, bool encoded, bool alone);

    std::vector<Trace> traces_{};         ///< what runs do not find
    std::vector<SecretString> wholes_{};  ///< folded
    std::set<std::string, std::less<>> public_{};
    SharedRuns public_runs_{SharedRuns::run}, plain_{SharedRuns::run}, encoded_{12};
};

}  // namespace wfc
