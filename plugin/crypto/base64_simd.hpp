/// The loops of base64, one for each instruction set: the same characters from all of them.
///
/// Guarantees: none reads a byte outside of what it is given, whatever its alignment; what is not x86-64 gets
/// along with the scalar one. Does not pad: base64.cpp writes what is left of a group.
#pragma once

#include <cstddef>
#include <span>

#include "crypto/base64.hpp"

namespace mailsend::crypto {

struct Base64Loops {
    const char* name;  ///< "avx2", "ssse3", "scalar"
    /// 3n bytes into 4n characters at `out`.
    void (*block)(const char* bytes, std::size_t size, char* out) noexcept;
    /// `count` lines of 57 bytes into CR LF and 76 characters each. `out` may lie in the same memory before
    /// `bytes` as long as both end together: a line is read before it is written.
    void (*lines)(const char* bytes, std::size_t count, char* out) noexcept;
};

/// What this processor can run, the fastest first and the scalar one last.
std::span<const Base64Loops> base64_loops() noexcept;

}  // namespace mailsend::crypto
