// What takes more than one section to judge, and templates, which are judged by the rules of messages.
#include "message/draft.hpp"
#include "message/draft_parser.hpp"
#include "settings/sections.hpp"

namespace mailsend {

namespace {

constexpr std::size_t max_templates = 100;
constexpr std::size_t max_template_name = 64;

[[noreturn]] void refuse(const std::string& pointer, const std::string& why) {
    throw wfc::Problem(WFC_INVALID_SETTINGS, pointer, pointer + " " + why);
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

nlohmann::json templates_of(wfc::Fields& root) {
    const nlohmann::json* templates = root.find("templates");
    if (templates == nullptr) return nlohmann::json::object();
    const wfc::Fields fields(*templates, root.pointer_of("templates"), WFC_INVALID_SETTINGS);
    if (templates->size() > max_templates) {
        fields.refuse({}, "holds more than " + std::to_string(max_templates) + " templates");
    }
    for (const auto& each : templates->items()) {
        if (character_count(each.key()) > max_template_name) {
            fields.refuse(each.key(),
                          "has a name longer than " + std::to_string(max_template_name) + " characters");
        }
    }
    check_templates(*templates);
    return *templates;
}

void check_together(const Settings& settings) {
    if (settings.server.security != Security::none) return;
    check_cleartext(settings);
    check_unused_tls(settings.tls);
}

}  // namespace mailsend
