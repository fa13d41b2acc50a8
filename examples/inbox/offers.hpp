/// What the inbox says it can do (RFC 5321 section 4.1.1.1), and does.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace inbox {

/// Extensions in the reply to EHLO. All by default.
struct Offers {
    bool starttls = true;    ///< RFC 3207
    bool auth_plain = true;  ///< RFC 4616
    bool auth_login = true;
    bool auth_xoauth2 = false;            ///< only when asked for: tokens are no passwords
    bool auth_oauthbearer = false;        ///< RFC 7628; likewise
    bool pipelining = true;               ///< RFC 2920
    bool chunking = true;                 ///< RFC 3030
    bool eight_bit_mime = true;           ///< RFC 6152
    bool smtputf8 = true;                 ///< RFC 6531
    bool dsn = true;                      ///< RFC 3461
    bool enhanced = true;                 ///< RFC 2034
    bool size = true;                     ///< RFC 1870
    std::size_t size_limit = 256u << 20;  ///< bytes; holds whether or not SIZE is offered

    bool auth() const noexcept { return auth_plain || auth_login || auth_xoauth2 || auth_oauthbearer; }

    /// "STARTTLS,AUTH,SIZE=1000": these and no others; "none": none. AUTH=PLAIN, AUTH=LOGIN, AUTH=XOAUTH2 and
    /// AUTH=OAUTHBEARER offer one mechanism, AUTH the first two. Case does not matter. Throws
    /// std::invalid_argument that lists the words.
    static Offers parse(std::string_view list);
};

}  // namespace inbox
