/// Names in place of people's addresses, in texts that are about to be given away.
///
/// Guarantees: of every user@domain in a text the user is found, also where it is non-ASCII, in quotes, or
/// the account of an address of the web (https://user:word@host); the same address, whatever the case of its
/// domain, has the same name "person-N" as long as this object lives. The domain stays: it says whose system
/// it was. In doubt more is found than an address: what looks like one is one. Escapes are the caller's: see
/// decoded_text.hpp.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wfc {

/// One thread at a time.
class PeopleNames {
  public:
    struct Found {
        std::size_t begin, end;  ///< of what stands before the @
        std::string name;
    };

    /// Adds the addresses of `text`, in order.
    void find(std::string_view text, std::vector<Found>& into);

  private:
    std::string name(std::string_view user, std::string_view domain);
    bool known(std::string_view user, std::string_view domain) const;
    std::size_t before(std::string_view user, std::string_view domain) const;

    std::map<std::string, std::size_t, std::less<>> numbers_{};
};

}  // namespace wfc
