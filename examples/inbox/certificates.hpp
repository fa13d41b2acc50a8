/// Certificates for servers that live as long as a test or a demonstration.
///
/// Guarantees: everything stays in memory as PEM; each authority has a key of its own; every serial number is
/// random. Does not check what it is told: expired, wrong and odd certificates are what it is for.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace inbox {

/// A certificate with the key that belongs to it, both PEM (the key unencrypted PKCS #8).
struct Certificate {
    std::string certificate_pem;
    std::string key_pem;
};

/// A certificate authority with an EC P-256 key. Movable; one thread at a time.
class Authority {
  public:
    /// `name` is the common name of the authority. Throws std::runtime_error when OpenSSL fails.
    explicit Authority(const std::string& name = "Inbox Test Authority");
    ~Authority();
    Authority(Authority&&) noexcept;
    Authority& operator=(Authority&&) noexcept;

    /// The authority's own certificate: what a client has to trust.
    const std::string& certificate_pem() const noexcept;

    /// A server certificate for DNS names and IP literals (subjectAltName, RFC 6125); the first name is also
    /// the common name. The offsets are seconds from now, negative for the past.
    Certificate issue(const std::vector<std::string>& names, long not_before_offset_s = -3600,
                      long not_after_offset_s = 86400) const;

    /// A certificate for a client that signs in with it; `name` is its common name.
    Certificate issue_client(const std::string& name, long not_before_offset_s = -3600,
                             long not_after_offset_s = 86400) const;

    /// A server certificate that vouches for itself.
    static Certificate self_signed(const std::vector<std::string>& names);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace inbox
