/// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace mailsend::crypto {

std::array<unsigned char, 32> sha256(std::string_view bytes);

/// Lower-case hexadecimal SHA-256.
std::string sha256_hex(std::string_view bytes);

/// The same of bytes that come in pieces. One thread; movable. Throws std::runtime_error when the crypto
/// library has no SHA-256.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::string_view bytes);
    /// Lower-case hexadecimal, of what came so far; more may follow.
    std::string hex() const;

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace mailsend::crypto
