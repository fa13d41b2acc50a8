/// Hides whose mailbox a text speaks of: "bob@example.test" becomes "****@example.test".
///
/// Guarantees: linear in the text; never throws for any bytes; the domain stays, since it tells where to
/// look. The account's own addresses stay. Finds addresses by their looks, so a name without "@" stays, too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailsend {

/// Immutable; any number of threads.
class AddressMask {
  public:
    /// `own`: addresses that are shown, compared without regard to letter case.
    explicit AddressMask(const std::vector<std::string>& own);

    std::string applied(std::string_view text) const;

  private:
    std::vector<std::string> own_;
};

}  // namespace mailsend
