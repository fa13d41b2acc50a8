/// A configured account: settings, and what is built from them once.
///
/// Guarantees: immutable and shared by parallel invocations; holds no secret (they are fetched at use). Does
/// not connect.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "delivery/route.hpp"
#include "net/trust.hpp"
#include "settings/settings.hpp"
#include "wfc/host.hpp"
#include "wfc/problem.hpp"

namespace mailsend {

/// The host has no value for a secret that the settings refer to.
class MissingSecret : public wfc::Problem {
  public:
    MissingSecret(std::string pointer, const std::string& sentence)
        : wfc::Problem(WFC_INVALID_SETTINGS, std::move(pointer), sentence) {}
};

class Account {
  public:
    /// Reads the CA file through the host. Throws wfc::Problem(WFC_INVALID_SETTINGS).
    Account(Settings settings, const wfc::Host& host);

    const Settings& settings() const noexcept { return settings_; }

    /// Where mail of this account goes, with the credentials just fetched. The route must not outlive the
    /// account. Throws MissingSecret, or Failure when the host's store cannot answer.
    delivery::Route route() const;

  private:
    std::shared_ptr<const net::Trust> trust() const;

    Settings settings_;
    wfc::Host host_;
    mutable std::mutex trust_mutex_;
    mutable std::shared_ptr<const net::Trust> trust_;  ///< the system's CAs are loaded at the first handshake
};

}  // namespace mailsend
