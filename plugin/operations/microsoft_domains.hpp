/// Domains of Microsoft's mailboxes for consumers: Outlook.com, Hotmail, Live, MSN.
///
/// Guarantees: whole labels are compared, so "olive.com" and "myoutlook.com" are none of them.
#pragma once

#include <string_view>

namespace mailsend {

enum class ConsumerDomain {
    no,
    likely,  ///< a name such as hotmail.xx in a country we know no such mailboxes of
    yes
};

/// `domain` in lower case.
ConsumerDomain consumer_domain(std::string_view domain) noexcept;

}  // namespace mailsend
