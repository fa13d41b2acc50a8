/// The settings of an account, parsed and checked. No secrets inside: references.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message/address.hpp"
#include "message/send_terms.hpp"
#include "outcome/vocabulary.hpp"

namespace mailsend {

/// `{"$secret": name}`.
struct SecretRef {
    std::string name;
};

enum class Security { automatic, implicit_tls, starttls, none };

struct ServerSettings {
    std::string host;  ///< A-label name or IP literal; of a preset, the one it fills in
    std::uint16_t port = 587;
    Security security = Security::automatic;
    std::string provider;  ///< id of the preset ("gmail"); empty for `custom`
    /// `automatic` resolved: implicit TLS on 465, STARTTLS elsewhere.
    Security effective_security() const noexcept;
};

/// `auth.method: password`; absent for `none`.
struct PasswordAuth {
    std::string username;
    SecretRef password;
    std::string mechanism;  ///< upper case; empty: best offered
    bool allow_cleartext = false;
};

/// Where an authorization server is reached: https, or http on loopback. Empty: the provider's own.
struct OAuthEndpoints {
    std::string authorize;
    std::string token;
    std::string device;
    std::string revoke;
    std::string issuer;  ///< without query: metadata and `iss` are compared with it
};

/// `auth.method: oauth2`: checked as a whole. What a grant does not use is empty: the parser refuses it.
struct OAuthAuth {
    std::string provider;  ///< google, microsoft, custom
    /// authorization-code, device-code, client-credentials, service-account, refresh-token, access-token
    std::string grant;
    std::string username;    ///< the mailbox mail is sent as
    std::string sign_in_as;  ///< the account that consents; empty: `username`
    std::string client_id;
    std::optional<SecretRef> client_secret;  ///< never together with `certificate`
    std::optional<SecretRef> certificate;    ///< one PEM with certificate and key
    /// The day on which the client secret or the certificate ends.
    std::optional<std::chrono::sys_days> client_secret_expires;
    std::string tenant;               ///< microsoft only; empty: any account
    std::string redirect_uri;         ///< http on loopback with a port, as it was written
    std::vector<std::string> scopes;  ///< empty: what the provider needs for sending
    std::optional<SecretRef> tokens;  ///< where tokens are kept; set for grants that sign a person in
    OAuthEndpoints endpoints;
    bool allow_cleartext = false;
    std::string publishing;                  ///< google only: testing, production, internal; or empty
    std::optional<SecretRef> refresh_token;  ///< grant refresh-token
    std::optional<SecretRef> access_token;   ///< grants access-token and refresh-token
    std::optional<std::int64_t> expires_at;  ///< of `access_token`, seconds since 1970
    std::optional<SecretRef> private_key;    ///< grant service-account: PEM
    std::string service_client;              ///< grant service-account: the service account's address
};

struct TlsSettings {
    std::string ca_file;
    bool minimum_1_3 = false;
    std::string pin_sha256;  ///< of the leaf certificate, 64 lower-case hex digits; empty: none
    std::optional<SecretRef> client_certificate;  ///< one PEM with chain and key
};

/// An HTTP proxy, reached in clear, that lets connections through with CONNECT.
struct ProxySettings {
    std::string host;  ///< A-label name or IP literal
    std::uint16_t port = 3128;
};

struct NetworkSettings {
    std::string ehlo_name;  ///< empty: derived from the connection
    std::vector<std::string> name_servers;
    std::optional<ProxySettings> proxy;
    std::string source_address;  ///< IP literal to connect from; empty: the system chooses
};

struct Timeouts {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds greeting{30'000};
    std::chrono::milliseconds command{60'000};
    std::chrono::milliseconds data{600'000};
};

enum class OnPartial { report, fail, ignore };

/// How much the account may send; each beats the preset's (Provider::limits).
struct DeliveryLimits {
    std::optional<unsigned> messages_per_minute{};
    std::optional<unsigned> messages_per_day{};
    std::optional<unsigned> recipients_per_day{};
    std::optional<unsigned> recipients_per_message{};
};

struct DeliverySettings {
    OnPartial on_partial = OnPartial::report;
    std::chrono::milliseconds deadline{300'000};
    unsigned attempts = 4;  ///< 1: nothing is repeated
    bool ledger = true;     ///< what was sent is remembered, so that nothing is sent twice
    std::chrono::milliseconds ledger_retention = std::chrono::hours(30 * 24);
    OnUnknown on_unknown = OnUnknown::report;  ///< where the input does not say
    std::optional<unsigned> max_connections;   ///< beats the preset's
    unsigned messages_per_connection = 100;
    std::chrono::milliseconds idle_timeout{10'000};  ///< of a connection that waits for the next message
    bool pipelining = true;                          ///< RFC 2920, where the server offers it
    bool chunking = true;                            ///< RFC 3030, likewise
    unsigned in_flight = 8;  ///< messages a connection may have under way before the first is answered
    bool dsn = false;        ///< ENVID and RET=HDRS (RFC 3461), where the server offers DSN
    DeliveryLimits limits{};
};

struct PrivacySettings {
    /// Addresses of others in a server's words are shown as "****@example.test".
    bool hide_addresses = false;
};

struct Settings {
    ServerSettings server;
    std::optional<PasswordAuth> auth;
    std::optional<OAuthAuth> oauth;  ///< instead of `auth`
    std::optional<Mailbox> from;
    std::shared_ptr<const nlohmann::json> message;  ///< defaults for the input; never null, an object
    /// `templates` by name, each an object of the members that `message` has; never null.
    std::shared_ptr<const nlohmann::json> templates;
    TlsSettings tls;
    NetworkSettings network;
    Timeouts timeouts;
    DeliverySettings delivery;
    PrivacySettings privacy;
    Language language = Language::en;

    /// Whose mailbox or account it is: the user name of `auth` or `oauth`; empty without sign-in.
    std::string user_name() const;
};

/// Parses and checks. Throws wfc::Problem(WFC_INVALID_SETTINGS) that names the member and what to write
/// instead.
Settings parse_settings(std::string_view json);

}  // namespace mailsend
