/// Random values that nobody can guess, and comparing without telling how much was right.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailsend::crypto {

/// `bytes` random bytes of the system as base64url: 32 make 43 characters. Throws std::runtime_error when
/// there are none.
std::string random_token(std::size_t bytes);

/// Takes a time that depends on the lengths alone.
bool equal(std::string_view left, std::string_view right) noexcept;

}  // namespace mailsend::crypto
