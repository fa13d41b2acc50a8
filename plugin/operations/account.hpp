/// A configured account: settings, and what is built from them once.
///
/// Guarantees: immutable and shared by parallel invocations; holds no secret but those that an open
/// connection was signed in with (they are fetched at use). Does not connect by itself.
#pragma once

#include "delivery/pool.hpp"
#include "delivery/route.hpp"
#include "diagnosis/diagnosis.hpp"
#include "governor/governor.hpp"
#include "operations/account_oauth.hpp"
#include "operations/account_secret.hpp"
#include "operations/account_trust.hpp"
#include "settings/settings.hpp"
#include "wfc/host.hpp"

namespace mailsend {

/// How a connection to the server is protected.
smtp::Protection protection_of(const ServerSettings& server) noexcept;

class Account {
  public:
    /// Reads the CA file through the host. Throws wfc::Problem(WFC_INVALID_SETTINGS).
    Account(Settings settings, const wfc::Host& host);
    ~Account();
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    const Settings& settings() const noexcept { return settings_; }

    /// Where mail of this account goes, with the credentials and the client certificate just fetched; with
    /// OAuth 2.0 the token endpoint may be asked for an access token first. The route must not outlive the
    /// account. Throws MissingSecret, wfc::Problem(WFC_INVALID_SETTINGS) for a secret that cannot be used and
    /// for settings that only a later version will use, Failure at Stage::token or when the host's store
    /// cannot answer, Cancelled, net::TimedOut.
    delivery::Route route(const net::Patience& patience,
                          oauth::Asking asking = oauth::Asking::unattended) const;

    /// The same without credentials, and without having asked anybody for them. Throws as
    /// AccountTrust::current.
    delivery::Route way() const;

    /// Null where the settings sign in otherwise.
    const AccountOAuth* oauth() const noexcept { return oauth_.get(); }

    /// Keeps the account within the limits of its provider and its settings; shared with every component of
    /// the process that sends as the same user of the same server.
    governor::Governor& governor() const noexcept { return *governor_; }

    /// The connections that calls with this account share.
    delivery::Pool& pool() const noexcept { return *pool_; }

    /// For whom documents of this account are written: its language, and what its settings hide.
    Reader reader() const noexcept { return Reader(settings_.language, hidden_addresses_.get()); }

    /// Fetches the client certificate, if the settings name one, and throws as AccountTrust::current when it
    /// cannot be shown.
    void check_client_certificate() const;

  private:
    Settings settings_;
    wfc::Host host_;
    AccountTrust trust_;
    std::shared_ptr<const AddressMask> hidden_addresses_;
    std::unique_ptr<const AccountOAuth> oauth_;
    std::shared_ptr<governor::Governor> governor_;
    std::unique_ptr<delivery::Pool> pool_;  ///< ends first: what it keeps open uses all of the above
};

}  // namespace mailsend
