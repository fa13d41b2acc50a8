/// What the server offers, from its reply to EHLO (RFC 5321 section 4.1.1.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "outcome/reply.hpp"

namespace mailsend::smtp {

/// Keywords are compared whole and without regard to case; "STARTTLSX" is not STARTTLS.
struct Capabilities {
    bool starttls = false;
    bool pipelining = false;
    bool chunking = false;
    bool eight_bit_mime = false;
    bool smtputf8 = false;
    bool dsn = false;
    /// Of one transaction, at least 1 (RFC 9422: LIMITS RCPTMAX=).
    std::optional<std::uint64_t> recipients_max;
    std::optional<std::uint64_t> size;  ///< RFC 1870: 0 means no fixed limit; nothing means not offered
    std::vector<std::string> auth_mechanisms;  ///< upper case, in the server's order

    static Capabilities from(const Reply& ehlo);
};

}  // namespace mailsend::smtp
