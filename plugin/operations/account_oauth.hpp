/// The OAuth 2.0 side of an account: its application, its grant, and the tokens that are kept for it.
///
/// Guarantees: built once and shared by parallel invocations; holds no secret but the access token that its
/// keeper remembers; the application's secret is fetched at use. Asks servers only where a function says so.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "oauth/client.hpp"
#include "oauth/grants.hpp"
#include "oauth/token_keeper.hpp"
#include "operations/account_trust.hpp"
#include "operations/last_good_send.hpp"
#include "outcome/failure.hpp"
#include "sasl/mechanism.hpp"
#include "settings/settings.hpp"
#include "wfc/host.hpp"

namespace mailsend {

class AccountOAuth {
  public:
    /// `settings` (whose `oauth` is set) and `trust` must outlive it. Fetches nothing.
    AccountOAuth(const Settings& settings, const wfc::Host& host, const AccountTrust& trust);
    AccountOAuth(const AccountOAuth&) = delete;
    AccountOAuth& operator=(const AccountOAuth&) = delete;

    const OAuthAuth& auth() const noexcept { return auth_; }
    /// A person consents: authorization-code and device-code.
    bool person_signs_in() const noexcept;
    /// The account that is to consent: not the mailbox, where that is a shared one.
    const std::string& consenting_account() const noexcept {
        return auth_.sign_in_as.empty() ? auth_.username : auth_.sign_in_as;
    }
    /// Scopes that a token request of this grant names.
    const oauth::Scopes& scopes() const noexcept { return scopes_; }
    oauth::TokenKeeper& keeper() const noexcept { return *keeper_; }

    LastGoodSend& last_good_send() const noexcept { return *last_good_send_; }

    /// With its secret or certificate, just fetched. Throws MissingSecret, Failure(host, "host.secrets").
    oauth::Client client() const;
    /// Without a proof of itself: fetches nothing.
    oauth::Client bare_client() const;
    /// The way to the authorization server.
    net::HttpTerms web() const;
    std::int64_t now_unix_ms() const { return host_.clock().unix_ms(); }

    /// A token that is good now; may ask the token endpoint. Throws as TokenKeeper::access_token; a secret of
    /// the application that the host lacks is token.client. MissingSecret for a supplied token.
    sasl::Credentials credentials(const net::Patience& patience, oauth::Asking asking) const;
    /// After the mail server refused the token: others, or nothing. Throws as `credentials`.
    std::optional<sasl::Credentials> renewed(const wfc::SecretString& refused, const net::Patience& patience,
                                             oauth::Asking asking) const;
    /// Adds to a refusal of the mail server what the token itself tells about it.
    void examine(Facts& facts, const wfc::SecretString& token) const;
    /// Adds what texts about this account need to know: user, tenant, publishing, provider. A failure of the
    /// way to the authorization server becomes token.unreachable or token.untrusted.
    void describe(Facts& facts) const;

    /// What a sign-in rests on, by the pointer of the settings' member; values of secrets as SHA-256. Fetches
    /// the application's secret; one that is missing leaves its member out.
    std::map<std::string, std::string> basis() const;
    /// Pointers of the members that are not what they were when `record` was made.
    std::vector<std::string> changed_since(const oauth::TokenRecord& record) const;

    /// Names what is the same for everybody who uses these tokens; for keys of the state store.
    const std::string& key() const noexcept { return key_; }

  private:
    oauth::TokenAnswer renew(const oauth::TokenRecord& record, const net::Patience& patience) const;
    std::optional<oauth::SuppliedTokens> supplied() const;
    oauth::KeeperTerms keeper_terms() const;
    void add_details(Facts& facts) const;
    sasl::Credentials with(wfc::SecretString token) const;

    const Settings& settings_;
    const OAuthAuth& auth_;
    wfc::Host host_;
    const AccountTrust& trust_;
    oauth::Endpoints endpoints_;
    oauth::Scopes scopes_;
    std::string key_;
    std::unique_ptr<oauth::TokenKeeper> keeper_;
    std::unique_ptr<LastGoodSend> last_good_send_;
};

}  // namespace mailsend
