#include <algorithm>

#include "settings/host_names.hpp"
#include "settings/providers.hpp"
#include "settings/sections.hpp"
#include "wfc/json.hpp"

namespace mailsend {

namespace {

using nlohmann::json;
using wfc::Fields;

constexpr std::uint16_t submission_port = 587;               // RFC 6409
constexpr std::uint16_t implicit_tls_submission_port = 465;  // RFC 8314

/// 587, "587", and 587.0, which JSON and the schema cannot tell from 587.
std::optional<std::uint16_t> port_of(Fields& fields) {
    const json* value = fields.find("port");
    if (value == nullptr) return std::nullopt;
    double port = 0;
    if (value->is_number()) {
        port = value->get<double>();
    } else if (value->is_string()) {
        const auto number = port_number(value->get_ref<const std::string&>());
        if (!number) fields.refuse("port", "must be a number between 1 and 65535");
        return number;
    } else {
        fields.refuse("port", "must be a number, not " + Fields::describe(*value));
    }
    if (!(port >= 1 && port <= 65535)) fields.refuse("port", "must be between 1 and 65535");
    const auto whole = static_cast<std::uint16_t>(port);
    if (whole != port) fields.refuse("port", "must be a whole number");
    return whole;
}

ServerSettings custom_server(Fields& fields) {
    for (const char* member : {"provider", "region", "account_host", "submission"}) {
        if (fields.find(member) == nullptr) continue;
        fields.refuse(member, R"(belongs to the kind "preset"; a custom server has host, port and security)");
    }
    ServerSettings server;
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
    return server;
}

const Provider& provider_of(Fields& fields) {
    const std::string id = fields.required_string("provider");
    if (const Provider* provider = find_provider(id)) return *provider;
    std::vector<std::string_view> ids;
    for (const Provider& each : providers()) ids.emplace_back(each.id);
    const std::string_view near = wfc::nearest(id, ids);
    fields.refuse("provider", "is not among the providers of providers.json" +
                                  (near.empty() ? R"(; kind "custom" takes any server)"
                                                : "; did you mean " + in_quotes(near) + "?"));
}

std::string region_of(Fields& fields, const Provider& provider) {
    const std::optional<std::string> region = fields.string("region");
    if (!region) return provider.default_region;
    if (provider.regions.empty()) {
        fields.refuse("region", "is nothing that " + in_quotes(provider.id) + " asks for; leave it out");
    }
    if (provider.regions.contains(*region)) return *region;
    // The nearest one is not named: it may lie on another continent, and mail with it.
    std::vector<std::string> ids;
    for (const auto& each : provider.regions) ids.push_back(in_quotes(each.first));
    fields.refuse("region", "is not a region of " + in_quotes(provider.id) + " that is known here; write " +
                                alternatives(ids) +
                                ", or choose the kind \"custom\" and write the host of yours");
}

/// The label that goes into the provider's host; empty where there is none.
std::string account_of(Fields& fields, const Provider& provider) {
    const std::string suffix = provider.account_suffix();
    const auto written = line_member(fields, "account_host", max_host);
    if (suffix.empty()) {
        if (!written) return {};
        fields.refuse("account_host",
                      "is nothing that " + in_quotes(provider.id) + " asks for; leave it out");
    }
    const std::string example =
        in_quotes(provider.account_example) + " or " + in_quotes(provider.account_example + suffix);
    if (!written) {
        fields.refuse("account_host", "is missing: " + in_quotes(provider.id) +
                                          " has a host for each account; write yours, such as " + example);
    }
    if (const auto label = account_label(provider, *written)) return *label;
    fields.refuse("account_host", "is no host of " + in_quotes(provider.id) + "; write it as " + example);
}

/// One of the provider's, by its port: "587", 587, and 587.0, which is the same to JSON and the schema.
Submission submission_of(Fields& fields, const Provider& provider) {
    const json* written = fields.find("submission");
    if (written == nullptr) return provider.submissions.front();
    if (!written->is_string() && !written->is_number())
        fields.refuse("submission", "must be a port, not " + Fields::describe(*written));
    std::vector<std::string> ports;
    for (const Submission& each : provider.submissions) {
        ports.push_back(std::to_string(each.port));
        if (written->is_string() ? *written == ports.back() : written->get<double>() == each.port)
            return each;
    }
    fields.refuse("submission", "is not offered by " + in_quotes(provider.id) + "; write " +
                                    alternatives(ports) + ", or leave it out for " + ports.front());
}

ServerSettings preset_server(Fields& fields) {
    for (const char* member : {"host", "port", "security"}) {
        if (fields.find(member) == nullptr) continue;
        fields.refuse(member, R"(is what a preset fills in; leave it out, or choose the kind "custom")");
    }
    const Provider& provider = provider_of(fields);
    const std::string region = region_of(fields, provider);
    const std::string account = account_of(fields, provider);
    const Submission submission = submission_of(fields, provider);
    ServerSettings server;
    server.host = provider.host_for(region, account);
    server.port = submission.port;
    server.security = submission.security;
    server.provider = provider.id;
    return server;
}

}  // namespace

ServerSettings server_of(Fields& fields) {
    const auto kind = fields.choice("kind", {"custom", "preset"});
    if (!kind) fields.refuse("kind", "is missing");
    return *kind == "preset" ? preset_server(fields) : custom_server(fields);
}

Security ServerSettings::effective_security() const noexcept {
    if (security != Security::automatic) return security;
    return port == implicit_tls_submission_port ? Security::implicit_tls : Security::starttls;
}

}  // namespace mailsend
