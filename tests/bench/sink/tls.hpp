/// The sink's side of TLS: a certificate of its own, as cheap to check as the web's usual ones.
///
/// Guarantees: an RSA-2048 leaf for localhost under an RSA-2048 authority, both made when it starts; TLS 1.3
/// and no other; sessions are resumed by tickets unless told otherwise. Not for the open network.
#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <string>

namespace bench::sink {

class ServerTls {
  public:
    /// Makes keys: takes some tenths of a second. Throws std::runtime_error.
    ServerTls();

    /// What clients have to trust, PEM.
    const std::string& authority_pem() const noexcept { return authority_pem_; }
    /// For SSL_new(); lives as long as this object.
    SSL_CTX* context(bool resumption) const noexcept {
        return resumption ? resuming_.get() : forgetful_.get();
    }

  private:
    struct Free {
        void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
    };
    using Context = std::unique_ptr<SSL_CTX, Free>;
    Context make_context(X509* leaf, EVP_PKEY* key) const;

    std::string authority_pem_;
    Context resuming_, forgetful_;
};

}  // namespace bench::sink
