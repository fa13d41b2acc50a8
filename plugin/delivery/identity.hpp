/// Tells apart who signs in, without keeping what they sign in with.
#pragma once

#include <array>
#include <string>

#include "delivery/route.hpp"

namespace mailsend::delivery {

/// A SHA-256 of a salt that no one else has, and of all that a server could tell two routes of one account
/// apart by: user name, password or token, mechanism, client certificate.
using Identity = std::array<unsigned char, 32>;

/// Any thread.
class Identities {
  public:
    /// Throws std::runtime_error without random bytes.
    Identities();
    Identity of(const Route& route) const;

  private:
    std::string salt_;
};

}  // namespace mailsend::delivery
