/// Whom a TLS handshake believes: CA store, minimum version. Built once per configured component, shared by
/// all connections.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace mailsend::net {

enum class TlsVersion { tls1_2, tls1_3 };

/// Immutable after construction; any thread.
class Trust {
  public:
    /// `ca_pem` replaces the system's CA store when not empty; otherwise the system's is loaded, once, here.
    /// Throws Failure(settings, "tls.ca_file", …) when `ca_pem` holds no certificate.
    Trust(std::string_view ca_pem, TlsVersion minimum);
    ~Trust();
    Trust(const Trust&) = delete;
    Trust& operator=(const Trust&) = delete;

    /// For Stream implementations.
    ssl_ctx_st* context() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mailsend::net
