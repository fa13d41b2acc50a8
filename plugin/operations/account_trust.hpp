/// What an account's TLS handshakes are built on.
///
/// Guarantees: built once and shared; built again when the client certificate in the host's secret store has
/// changed, so that a component which runs for months picks up a renewed one. Keeps a hash of that secret,
/// not the secret. Any thread; none waits while another fetches or builds.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "net/trust.hpp"
#include "settings/settings.hpp"
#include "wfc/host.hpp"
#include "wfc/problem.hpp"

namespace mailsend {

/// The settings name a CA file that cannot be used.
class UnusableCaFile : public wfc::Problem {
  public:
    /// `why` goes on behind the pointer.
    explicit UnusableCaFile(const std::string& why)
        : wfc::Problem(WFC_INVALID_SETTINGS, "/tls/ca_file", "/tls/ca_file " + why) {}
};

class AccountTrust {
  public:
    /// Reads the CA file through the host. `settings` must outlive it. Throws UnusableCaFile.
    AccountTrust(const TlsSettings& settings, const wfc::Host& host);

    /// For the next connection. Loads the system's authorities, and fetches the client certificate, where the
    /// settings ask for them. Throws wfc::Problem(WFC_INVALID_SETTINGS) for a certificate that cannot be
    /// shown, MissingSecret, or Failure when the host's store cannot answer.
    std::shared_ptr<const net::Trust> current() const;

    /// For servers of the web, such as a token endpoint: the system's authorities and those of the CA file,
    /// no pin and no client certificate, which belong to the mail server. Throws Failure.
    std::shared_ptr<const net::Trust> for_web() const;

  private:
    std::shared_ptr<const net::Trust> with_certificate() const;
    std::shared_ptr<const net::Trust> kept(std::uint64_t fetch, const std::string& hash) const;

    const TlsSettings& settings_;
    wfc::Host host_;
    std::string ca_pem_;
    mutable std::mutex mutex_;
    mutable std::shared_ptr<const net::Trust> trust_;
    mutable std::shared_ptr<const net::Trust> web_trust_;
    mutable std::string shown_;          ///< SHA-256 of the client certificate in `trust_`
    mutable std::uint64_t fetches_ = 0;  ///< begun so far
    mutable std::uint64_t newest_ = 0;   ///< the fetch that `trust_` came from
};

}  // namespace mailsend
