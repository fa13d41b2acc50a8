// What takes more than one section to judge.
#include "settings/sections.hpp"

namespace mailsend {

namespace {

[[noreturn]] void refuse(const std::string& pointer, const std::string& why) {
    throw wfc::Problem(WFC_INVALID_SETTINGS, pointer, pointer + " " + why);
}

/// What is written to `tokens` replaces whatever is stored under that name.
void check_names(const Settings& settings) {
    if (!settings.oauth || !settings.oauth->tokens || !settings.tls.client_certificate) return;
    if (settings.oauth->tokens->name != settings.tls.client_certificate->name) return;
    refuse("/auth/tokens",
           "must have a name that no other secret of the account has: MailSend writes the tokens there, and "
           "/tls/client_certificate has this name too");
}

/// Loopback is no exception: who listens there is not checked, and the choice should be visible in the
/// document.
void check_cleartext(const Settings& settings) {
    const bool password = settings.auth && !settings.auth->allow_cleartext;
    const bool token = settings.oauth && !settings.oauth->allow_cleartext;
    if (!password && !token) return;
    refuse("/auth/allow_cleartext",
           std::string("must be true to send a ") + (password ? "password" : "token") +
               " over a connection without TLS (/server/security is \"none\"); better "
               "choose starttls or implicit-tls");
}

/// What would check the server, or show it who we are, and never gets to.
void check_unused_tls(const TlsSettings& tls) {
    const auto unused = [](const char* member) {
        refuse(std::string("/tls/") + member,
               "has no effect on a connection without TLS (/server/security is \"none\"); remove it, or "
               "choose starttls or implicit-tls");
    };
    if (!tls.ca_file.empty()) unused("ca_file");
    if (!tls.pin_sha256.empty()) unused("pin_sha256");
    if (tls.client_certificate) unused("client_certificate");
}

}  // namespace

void check_together(const Settings& settings) {
    check_names(settings);
    if (settings.server.security != Security::none) return;
    check_cleartext(settings);
    check_unused_tls(settings.tls);
}

}  // namespace mailsend
