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

struct Provider {
    std::string id;
    std::string name;
    std::string host;  ///< may hold {region} or {account_host}: what `region` or `account_host` fills in
    std::vector<Submission> submissions;         ///< the first is the default
    std::map<std::string, std::string> regions;  ///< id -> host or part of it; empty where there are none
    std::string default_region;
    UserNameForm user_name = UserNameForm::any;
    std::string user_name_literal;        ///< for UserNameForm::literal: "apikey"
    std::vector<std::string> auth;        ///< "password", "oauth2", "none"
    bool app_password = false;            ///< the account's own password does not work here
    bool spaces_in_app_password = false;  ///< shown in groups: spaces of a pasted one are no part of it
    std::vector<std::string>
        hosts;  ///< every host name that is this provider's, to recognise a custom server
};

const std::vector<Provider>& providers();
/// Null when there is none with this id.
const Provider* find_provider(std::string_view id);
/// The provider whose `hosts` has this name (or a name below "*.name"); null when unknown.
const Provider* provider_of_host(std::string_view host);

}  // namespace mailsend
