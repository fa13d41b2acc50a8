#include "crypto/digest.hpp"

#include <openssl/evp.h>
#include <stdexcept>

#include "crypto/hex.hpp"

namespace mailsend::crypto {

namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Hashing = std::unique_ptr<EVP_MD_CTX, FreeContext>;

[[noreturn]] void refuse() {
    throw std::runtime_error("the crypto library has no SHA-256");
}

/// Looked up once: EVP_sha256() is looked up again for each digest, which costs more than a short one.
const EVP_MD* algorithm() {
    struct Free {
        void operator()(EVP_MD* fetched) const noexcept { EVP_MD_free(fetched); }
    };
    static const std::unique_ptr<EVP_MD, Free> fetched(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    return fetched ? fetched.get() : EVP_sha256();
}

}  // namespace

std::array<unsigned char, 32> sha256(std::string_view bytes) {
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm(), nullptr) != 1 ||
        size != digest.size()) {
        refuse();
    }
    return digest;
}

std::string sha256_hex(std::string_view bytes) {
    return hex(sha256(bytes));
}

struct Sha256::Context {
    Hashing hashing{EVP_MD_CTX_new()};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
    if (!context_->hashing || EVP_DigestInit_ex(context_->hashing.get(), algorithm(), nullptr) != 1) refuse();
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
    if (EVP_DigestUpdate(context_->hashing.get(), bytes.data(), bytes.size()) != 1) refuse();
}

std::string Sha256::hex() const {
    const Hashing copy(EVP_MD_CTX_new());
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (!copy || EVP_MD_CTX_copy_ex(copy.get(), context_->hashing.get()) != 1 ||
        EVP_DigestFinal_ex(copy.get(), digest.data(), &size) != 1 || size != digest.size()) {
        refuse();
    }
    return crypto::hex(digest);
}

}  // namespace mailsend::crypto
