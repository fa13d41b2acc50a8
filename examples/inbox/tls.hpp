/// A server's certificate and key, ready for handshakes.
///
/// Guarantees: immutable, shared by any number of threads. TLS 1.2 and later.
#pragma once

#include <string>

struct ssl_ctx_st;

namespace inbox {

class ServerTls {
  public:
    /// PEM texts: the certificate with its chain, its key, and the authorities of which clients must show a
    /// certificate (empty: they need none). Throws std::runtime_error when they do not fit.
    ServerTls(const std::string& chain_pem, const std::string& key_pem,
              const std::string& client_ca_pem = {});
    ~ServerTls();
    ServerTls(const ServerTls&) = delete;
    ServerTls& operator=(const ServerTls&) = delete;

    ssl_ctx_st* native() const noexcept { return context_; }

  private:
    ssl_ctx_st* context_;
};

}  // namespace inbox
