/// The provider presets of manifests/providers.json, which is compiled in.
///
/// Guarantees: parsed once, at first use; immutable afterwards, any thread. Facts only: nothing is looked up.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailsend {

enum class Security;

/// One way to hand in mail: a port and how it is protected.
struct Submission {
    std::uint16_t port = 0;
    Security security;
};

/// What the user name looks like.
enum class UserNameForm { full_address, local_part, literal, any };

/// The authorization server of a provider, and what it calls the right to send. Empty: the provider has none.
struct ProviderOAuth {
    std::string authorize;  ///< URLs may hold {tenant}
    std::string token;
    std::string device;
    std::string revoke;
    std::string issuer;
    std::vector<std::string> smtp_scopes;              ///< for a person who signs in
    std::vector<std::string> smtp_application_scopes;  ///< for an application without a person
};

/// What the provider allows an account, as published; nothing where it is not known or differs by account.
struct ProviderLimits {
    std::optional<std::uint64_t> message_bytes;
    std::optional<unsigned> recipients_per_message;
    std::optional<unsigned> recipients_per_day;
    std::optional<unsigned> messages_per_day;
    std::optional<unsigned> messages_per_minute;
    std::optional<unsigned> connections;
};

struct Provider {
    std::string id;
    std::string name;  ///< in English
    std::string host;  ///< may hold {region} or {account_host}: what `region` or `account_host` fills in
    std::vector<Submission> submissions;         ///< never empty; the first is the default
    std::map<std::string, std::string> regions;  ///< id -> host or part of it; empty where there are none
    std::string default_region;                  ///< one of `regions`; empty where there are none
    std::string account_example;                 ///< what fills {account_host}: "sv1234"
    UserNameForm user_name = UserNameForm::any;
    std::string user_name_literal;  ///< for UserNameForm::literal: "apikey"
    std::vector<std::string> auth;  ///< "password", "oauth2", "none"
    bool app_password = false;      ///< the account's own password does not work here
    ProviderOAuth oauth;
    ProviderLimits limits;
    bool spaces_in_app_password = false;  ///< shown in groups: spaces of a pasted one are no part of it
    /// Every host name that is this provider's, to recognise a custom server. Lower case.
    std::vector<std::string> hosts;

    /// What follows {account_host} in `host`, as ".xserver.jp"; empty where accounts share a host.
    std::string account_suffix() const;
    /// The host to connect to. `region`: one of `regions`; `account`: from `account_label`. Either may be
    /// empty where `host` does not ask for it.
    std::string host_for(std::string_view region, std::string_view account) const;
};

const std::vector<Provider>& providers();
/// Null when there is none with this id.
const Provider* find_provider(std::string_view id);
/// The provider whose `hosts` has this name (or a name below "*.name"); null when unknown. Case and a final
/// dot do not matter.
const Provider* provider_of_host(std::string_view host);

/// The label of a host of one's own: "sv1234" for "sv1234" and "sv1234.xserver.jp". Nothing when it is
/// neither one label nor that and the provider's suffix.
std::optional<std::string> account_label(const Provider& provider, std::string_view written);

/// Reads a document like providers.json, strictly. Throws wfc::Problem(WFC_INTERNAL), which names the place.
std::vector<Provider> parse_providers(std::string_view json);

}  // namespace mailsend
