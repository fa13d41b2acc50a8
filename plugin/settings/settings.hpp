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

/// `auth.method: oauth2`: checked as a whole, used by no operation of this version.
struct OAuthAuth {
    std::string provider;  ///< google, microsoft, custom
    std::string grant;
    std::string username;  ///< the mailbox mail is sent as
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

struct DeliverySettings {
    OnPartial on_partial = OnPartial::report;
    std::chrono::milliseconds deadline{300'000};
    std::optional<unsigned> max_connections;  ///< checked; used by no operation of this version
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
    Language language = Language::en;
};

/// Parses and checks. Throws wfc::Problem(WFC_INVALID_SETTINGS) that names the member and what to write
/// instead.
Settings parse_settings(std::string_view json);

/// "10s", "500ms", "5m", "1h"; throws std::invalid_argument with a sentence.
std::chrono::milliseconds parse_duration(std::string_view text);

}  // namespace mailsend
