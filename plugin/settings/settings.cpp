#include "settings/settings.hpp"

#include <stdexcept>

#include "message/draft.hpp"
#include "message/draft_parser.hpp"
#include "settings/host_names.hpp"
#include "settings/sections.hpp"
#include "wfc/json.hpp"

namespace mailsend {

namespace {

using nlohmann::json;
using wfc::Fields;

constexpr std::size_t max_settings_bytes = std::size_t{1} << 20;
constexpr std::size_t max_name_servers = 8;
constexpr std::uint16_t submission_port = 587;               // RFC 6409
constexpr std::uint16_t implicit_tls_submission_port = 465;  // RFC 8314

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

/// `read(text)`, with the end of a sentence that it throws turned into a Problem at the member.
template <class Read>
auto located(const Fields& fields, std::string_view member, const std::string& text, const Read& read) {
    try {
        return read(text);
    } catch (const std::invalid_argument& fault) {
        fields.refuse(member, fault.what());
    }
}

/// 587, "587", and 587.0, which JSON and the schema cannot tell from 587.
std::optional<std::uint16_t> port_of(Fields& fields) {
    const json* value = fields.find("port");
    if (value == nullptr) return std::nullopt;
    double port = 0;
    if (value->is_number()) {
        port = value->get<double>();
    } else if (value->is_string()) {
        const auto& text = value->get_ref<const std::string&>();
        const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
        if (text.empty() || text.size() > 5 || !digits)
            fields.refuse("port", "must be a number between 1 and 65535");
        port = std::stoi(text);
    } else {
        fields.refuse("port", "must be a number, not " + Fields::describe(*value));
    }
    if (!(port >= 1 && port <= 65535)) fields.refuse("port", "must be between 1 and 65535");
    const auto whole = static_cast<std::uint16_t>(port);
    if (whole != port) fields.refuse("port", "must be a whole number");
    return whole;
}

ServerSettings server_of(Fields& fields) {
    ServerSettings server;
    if (!word_of(fields, "kind", {"custom"}, {"preset"})) fields.refuse("kind", "is missing");
    fields.require("host");
    server.host = located(fields, "host", *line_member(fields, "host", max_host), host_name);
    const auto port = port_of(fields);
    const auto security =
        fields.choice("security", {"auto", "implicit-tls", "starttls", "none"}).value_or("auto");
    if (security == "implicit-tls") server.security = Security::implicit_tls;
    if (security == "starttls") server.security = Security::starttls;
    if (security == "none") server.security = Security::none;
    server.port = port.value_or(server.security == Security::implicit_tls ? implicit_tls_submission_port
                                                                          : submission_port);
    fields.planned({"provider", "region", "account_host", "submission"});
    return server;
}

void read_tls(Fields& fields, TlsSettings& tls) {
    tls.ca_file = line_member(fields, "ca_file", max_path).value_or("");
    tls.minimum_1_3 = fields.choice("min_version", {"1.2", "1.3"}).value_or("1.2") == "1.3";
    fields.planned({"pin_sha256", "client_certificate"});
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
    fields.planned({"proxy", "source_address"});
}

void read_duration(Fields& fields, std::string_view member, std::chrono::milliseconds& into) {
    if (const auto text = fields.string(member)) into = located(fields, member, *text, parse_duration);
}

void read_timeouts(Fields& fields, Timeouts& timeouts) {
    read_duration(fields, "connect", timeouts.connect);
    read_duration(fields, "greeting", timeouts.greeting);
    read_duration(fields, "command", timeouts.command);
    read_duration(fields, "data", timeouts.data);
}

void read_delivery(Fields& fields, DeliverySettings& delivery) {
    const auto on_partial = fields.choice("on_partial", {"report", "fail", "ignore"}).value_or("report");
    if (on_partial == "fail") delivery.on_partial = OnPartial::fail;
    if (on_partial == "ignore") delivery.on_partial = OnPartial::ignore;
    read_duration(fields, "deadline", delivery.deadline);
    fields.planned({"max_connections", "ledger"});
}

}  // namespace

Security ServerSettings::effective_security() const noexcept {
    if (security != Security::automatic) return security;
    return port == implicit_tls_submission_port ? Security::implicit_tls : Security::starttls;
}

Settings parse_settings(std::string_view document) {
    const json parsed = wfc::parse_json(document, WFC_INVALID_SETTINGS, "settings",
                                        {.bytes = max_settings_bytes, .depth = 32});
    Settings settings;
    Fields root(parsed, {}, WFC_INVALID_SETTINGS);
    allow_only(root, {"format", "server", "auth", "from", "message", "templates", "tls", "network",
                      "timeouts", "delivery", "language"});
    root.format();
    root.require("server");
    section(root, "server",
            {"kind", "host", "port", "security", "provider", "region", "account_host", "submission"},
            [&](Fields& fields) { settings.server = server_of(fields); });
    if (const json* auth = root.find("auth")) settings.auth = auth_of(*auth);
    if (const json* from = root.find("from"))
        settings.from = mailbox_of(*from, {WFC_INVALID_SETTINGS, "/from"});
    json defaults = json::object();
    if (const json* message = root.find("message")) {
        check_message_defaults(*message);
        defaults = *message;
    }
    settings.message = std::make_shared<const json>(std::move(defaults));
    section(root, "tls", {"ca_file", "min_version", "pin_sha256", "client_certificate"},
            [&](Fields& fields) { read_tls(fields, settings.tls); });
    section(root, "network", {"ehlo_name", "name_servers", "proxy", "source_address"},
            [&](Fields& fields) { read_network(fields, settings.network); });
    section(root, "timeouts", {"connect", "greeting", "command", "data"},
            [&](Fields& fields) { read_timeouts(fields, settings.timeouts); });
    section(root, "delivery", {"on_partial", "deadline", "max_connections", "ledger"},
            [&](Fields& fields) { read_delivery(fields, settings.delivery); });
    if (root.choice("language", {"en", "ja"}).value_or("en") == "ja") settings.language = Language::ja;
    root.planned({"templates"});
    // Loopback is no exception: who listens there is not checked, and the choice should be visible in the
    // document.
    if (settings.auth && settings.server.security == Security::none && !settings.auth->allow_cleartext) {
        throw wfc::Problem(
            WFC_INVALID_SETTINGS, "/auth/allow_cleartext",
            "/auth/allow_cleartext must be true to send a password over a connection without TLS "
            "(/server/security is \"none\"); better choose starttls or implicit-tls");
    }
    return settings;
}

}  // namespace mailsend
