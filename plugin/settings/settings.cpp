#include "settings/settings.hpp"

#include <stdexcept>

#include "message/draft_parser.hpp"
#include "settings/host_names.hpp"
#include "settings/sections.hpp"
#include "settings/urls.hpp"
#include "wfc/json.hpp"

namespace mailsend {

namespace {

using nlohmann::json;
using wfc::Fields;

constexpr std::size_t max_settings_bytes = std::size_t{1} << 20;
constexpr std::size_t max_name_servers = 8;
constexpr std::size_t max_pin = 255;  // 64 digits with as many separators as a tool may print
constexpr std::size_t max_proxy = 512;

/// Reads the section `name` if it is there, which may hold `members`.
template <class Read>
void section(Fields& root, std::string_view name, std::initializer_list<std::string_view> members,
             const Read& read) {
    const json* value = root.find(name);
    if (value == nullptr) return;
    Fields fields(*value, root.pointer_of(name), WFC_INVALID_SETTINGS);
    allow_only(fields, members);
    read(fields);
}

void read_tls(Fields& fields, TlsSettings& tls) {
    tls.ca_file = line_member(fields, "ca_file", max_path).value_or("");
    tls.minimum_1_3 = fields.choice("min_version", {"1.2", "1.3"}).value_or("1.2") == "1.3";
    if (const auto pin = line_member(fields, "pin_sha256", max_pin))
        tls.pin_sha256 = located(fields, "pin_sha256", *pin, certificate_pin);
    tls.client_certificate = optional_secret_of(fields, "client_certificate");
}

void read_network(Fields& fields, NetworkSettings& network) {
    if (const auto name = line_member(fields, "ehlo_name", max_host)) {
        network.ehlo_name = located(fields, "ehlo_name", *name, ehlo_name);
    }
    if (const json* servers = fields.find("name_servers")) {
        const Place place{WFC_INVALID_SETTINGS, fields.pointer_of("name_servers")};
        if (!servers->is_array()) place.refuse("must be a list, not " + Fields::describe(*servers));
        if (servers->size() > max_name_servers) {
            place.refuse("holds more than " + std::to_string(max_name_servers) + " servers");
        }
        for (std::size_t i = 0; i < servers->size(); ++i) {
            const std::string text = line_of((*servers)[i], place.at(i), max_host);
            try {
                network.name_servers.push_back(name_server(text));
            } catch (const std::invalid_argument& fault) {
                place.at(i).refuse(fault.what());
            }
        }
    }
    if (const auto proxy = line_member(fields, "proxy", max_proxy))
        network.proxy = located(fields, "proxy", *proxy, proxy_of);
    if (const auto address = line_member(fields, "source_address", max_host))
        network.source_address = located(fields, "source_address", *address, ip_address);
}

void read_timeouts(Fields& fields, Timeouts& timeouts) {
    read_duration(fields, "connect", timeouts.connect);
    read_duration(fields, "greeting", timeouts.greeting);
    read_duration(fields, "command", timeouts.command);
    read_duration(fields, "data", timeouts.data);
}

}  // namespace

std::string Settings::user_name() const {
    if (auth) return auth->username;
    return oauth ? oauth->username : std::string();
}

Settings parse_settings(std::string_view document) {
    const json parsed = wfc::parse_json(document, WFC_INVALID_SETTINGS, "settings",
                                        {.bytes = max_settings_bytes, .depth = 32});
    Settings settings;
    Fields root(parsed, {}, WFC_INVALID_SETTINGS);
    allow_only(root, {"format", "server", "auth", "from", "message", "templates", "tls", "network",
                      "timeouts", "delivery", "privacy", "language"});
    root.format();
    root.require("server");
    section(root, "server",
            {"kind", "host", "port", "security", "provider", "region", "account_host", "submission"},
            [&](Fields& fields) { settings.server = server_of(fields); });
    if (const json* auth = root.find("auth")) read_auth(*auth, settings);
    if (const json* from = root.find("from"))
        settings.from = mailbox_of(*from, {WFC_INVALID_SETTINGS, "/from"});
    settings.message = std::make_shared<const json>(message_of(root));
    settings.templates = std::make_shared<const json>(templates_of(root));
    section(root, "tls", {"ca_file", "min_version", "pin_sha256", "client_certificate"},
            [&](Fields& fields) { read_tls(fields, settings.tls); });
    section(root, "network", {"ehlo_name", "name_servers", "proxy", "source_address"},
            [&](Fields& fields) { read_network(fields, settings.network); });
    section(root, "timeouts", {"connect", "greeting", "command", "data"},
            [&](Fields& fields) { read_timeouts(fields, settings.timeouts); });
    section(
        root, "delivery",
        {"on_partial", "deadline", "attempts", "ledger", "ledger_retention", "on_unknown", "max_connections",
         "messages_per_connection", "idle_timeout", "pipelining", "chunking", "in_flight", "dsn", "limits"},
        [&](Fields& fields) { read_delivery(fields, settings.delivery); });
    section(root, "privacy", {"hide_addresses"}, [&](Fields& fields) {
        settings.privacy.hide_addresses = fields.boolean("hide_addresses").value_or(false);
    });
    if (root.choice("language", {"en", "ja"}).value_or("en") == "ja") settings.language = Language::ja;
    check_together(settings);
    return settings;
}

}  // namespace mailsend
