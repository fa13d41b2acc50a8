#include "settings/providers.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "message/characters.hpp"
#include "settings/settings.hpp"
#include "wfc/embedded.hpp"
#include "wfc/json.hpp"

WFC_EMBEDDED(providers_json, mailsend_providers_json)

namespace mailsend {

namespace {

using nlohmann::json;
using wfc::Fields;

constexpr std::size_t max_document_bytes = std::size_t{1} << 20;
constexpr std::size_t max_list = 1000;
constexpr std::string_view region_mark = "{region}";
constexpr std::string_view account_mark = "{account_host}";

Fields object(const json& value, std::string pointer) {
    return {value, std::move(pointer), WFC_INTERNAL};
}

/// Calls `read(item, pointer)` for the items of a list; nothing where it may be absent.
template <class Read>
void each_of(Fields& fields, std::string_view member, const Read& read) {
    const json* list = fields.find(member);
    if (list == nullptr) return;
    if (!list->is_array() || list->size() > max_list) fields.refuse(member, "must be a list");
    for (std::size_t i = 0; i < list->size(); ++i)
        read((*list)[i], wfc::pointer_to(fields.pointer_of(member), std::to_string(i)));
}

std::vector<std::string> words_of(Fields& fields, std::string_view member) {
    std::vector<std::string> out;
    each_of(fields, member, [&](const json& item, const std::string&) {
        if (!item.is_string()) fields.refuse(member, "must be a list of strings");
        out.push_back(item.get<std::string>());
    });
    return out;
}

Submission submission_of(const json& value, const std::string& pointer) {
    Fields fields = object(value, pointer);
    const json& port = fields.require("port");
    if (!port.is_number_unsigned() || port == 0 || port.get<std::uint64_t>() > 65535)
        fields.refuse("port", "must be a number between 1 and 65535");
    const auto security = fields.choice("security", {"implicit-tls", "starttls", "none"});
    if (!security) fields.refuse("security", "is missing");
    fields.done();
    return {port.get<std::uint16_t>(), *security == "implicit-tls" ? Security::implicit_tls
                                       : *security == "starttls"   ? Security::starttls
                                                                   : Security::none};
}

void read_user_name(Fields& fields, Provider& out) {
    Fields user = object(fields.require("user_name"), fields.pointer_of("user_name"));
    const auto form = user.choice("form", {"full-address", "local-part", "literal", "any"});
    if (!form) user.refuse("form", "is missing");
    if (*form == "full-address") out.user_name = UserNameForm::full_address;
    if (*form == "local-part") out.user_name = UserNameForm::local_part;
    if (*form == "literal") {
        out.user_name = UserNameForm::literal;
        out.user_name_literal = user.required_string("value");
    }
    for (const char* for_people : {"value", "help"}) user.find(for_people);
    user.done();
}

void read_password(Fields& fields, Provider& out) {
    const json* value = fields.find("password");
    if (value == nullptr) return;
    Fields password = object(*value, fields.pointer_of("password"));
    out.app_password = password.boolean("app_password").value_or(false);
    out.spaces_in_app_password = password.boolean("shown_with_spaces").value_or(false);
    password.find("hint");
    password.done();
}

void read_oauth(Fields& fields, ProviderOAuth& out) {
    const json* value = fields.find("oauth");
    if (value == nullptr) return;
    Fields oauth = object(*value, fields.pointer_of("oauth"));
    out.authorize = oauth.string("authorize").value_or("");
    out.token = oauth.required_string("token");
    out.device = oauth.string("device").value_or("");
    out.revoke = oauth.string("revoke").value_or("");
    out.issuer = oauth.string("issuer").value_or("");
    Fields scopes = object(oauth.require("scopes"), oauth.pointer_of("scopes"));
    out.smtp_scopes = words_of(scopes, "smtp");
    out.smtp_application_scopes = words_of(scopes, "smtp-app");
    for (const char* for_people : {"api", "api-app"}) scopes.find(for_people);
    scopes.done();
    oauth.done();
}

void read_limits(Fields& fields, ProviderLimits& out) {
    const json* value = fields.find("limits");
    if (value == nullptr) return;
    Fields limits = object(*value, fields.pointer_of("limits"));
    const auto read = [&limits]<class Number>(std::string_view member, std::optional<Number>& into) {
        const json* found = limits.find(member);
        if (found == nullptr) return;
        const bool whole = found->is_number_unsigned() && *found != 0;
        if (!whole || found->get<std::uint64_t>() > std::numeric_limits<Number>::max())
            limits.refuse(member, "must be a whole number of at least 1");
        into = found->get<Number>();
    };
    read("message_bytes", out.message_bytes);
    read("recipients_per_message", out.recipients_per_message);
    read("recipients_per_day", out.recipients_per_day);
    read("messages_per_day", out.messages_per_day);
    read("messages_per_minute", out.messages_per_minute);
    read("connections", out.connections);
    limits.done();
}

void read_host(Fields& fields, Provider& out) {
    out.host = fields.required_string("host");
    each_of(fields, "regions", [&](const json& item, const std::string& pointer) {
        Fields region = object(item, pointer);
        const std::string id = region.required_string("id");
        if (!out.regions.emplace(id, region.string("host").value_or(id)).second)
            region.refuse("id", "stands twice");
        region.find("name");
        region.done();
    });
    out.default_region = fields.string("default_region").value_or("");
    if (const json* value = fields.find("account_host")) {
        Fields account = object(*value, fields.pointer_of("account_host"));
        out.account_example = account.required_string("example");
        account.find("help");
        account.done();
    }
    const bool asks_region = out.host.find(region_mark) != std::string::npos;
    if (asks_region != out.regions.contains(out.default_region))
        fields.refuse("default_region", "must be one of the regions, and {region} stand in the host");
    if (out.account_suffix().empty() != out.account_example.empty())
        fields.refuse("account_host", "belongs to a host with {account_host}");
}

/// `hosts` of the document and those that `host` gives by itself.
void complete_hosts(Provider& out) {
    for (std::string& host : out.hosts) host = lower_case(host);
    if (const std::string suffix = out.account_suffix(); !suffix.empty()) {
        out.hosts.push_back("*" + suffix);
    } else if (out.regions.empty()) {
        out.hosts.push_back(out.host);
    }
    for (const auto& each : out.regions) out.hosts.push_back(out.host_for(each.first, {}));
}

Provider provider_of(const json& value, const std::string& pointer) {
    Fields fields = object(value, pointer);
    Provider out;
    out.id = fields.required_string("id");
    Fields name = object(fields.require("name"), fields.pointer_of("name"));
    out.name = name.required_string("en");
    name.required_string("ja");
    name.done();
    read_host(fields, out);
    each_of(fields, "submissions", [&](const json& item, const std::string& where) {
        out.submissions.push_back(submission_of(item, where));
    });
    if (out.submissions.empty()) fields.refuse("submissions", "must name a port");
    read_user_name(fields, out);
    out.auth = words_of(fields, "auth");
    read_password(fields, out);
    read_oauth(fields, out.oauth);
    read_limits(fields, out.limits);
    out.hosts = words_of(fields, "hosts");
    complete_hosts(out);
    for (const char* for_people :
         {"group", "notes", "writes", "locks", "source", "checked", "verified", "unconfirmed"}) {
        fields.find(for_people);
    }
    fields.done();
    return out;
}

void replace(std::string& in, std::string_view what, std::string_view with) {
    if (const std::size_t at = in.find(what); at != std::string::npos) in.replace(at, what.size(), with);
}

}  // namespace

std::string Provider::account_suffix() const {
    const std::size_t at = host.find(account_mark);
    return at == std::string::npos ? std::string{} : host.substr(at + account_mark.size());
}

std::string Provider::host_for(std::string_view region, std::string_view account) const {
    std::string out = host;
    if (const auto found = regions.find(std::string(region)); found != regions.end())
        replace(out, region_mark, found->second);
    replace(out, account_mark, account);
    return out;
}

std::optional<std::string> account_label(const Provider& provider, std::string_view written) {
    const std::string suffix = provider.account_suffix();
    std::string label = lower_case(written);
    if (const std::string full = label.ends_with('.') ? label.substr(0, label.size() - 1) : label;
        full.ends_with(suffix)) {
        label = full.substr(0, full.size() - suffix.size());
    }
    const bool plain = std::all_of(label.begin(), label.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (suffix.empty() || label.empty() || label.size() > 63 || !plain || label.front() == '-' ||
        label.back() == '-') {
        return std::nullopt;
    }
    return label;
}

std::vector<Provider> parse_providers(std::string_view document) {
    const json parsed = wfc::parse_json(document, WFC_INTERNAL, "providers", {max_document_bytes, 8});
    Fields root = object(parsed, {});
    if (root.require("format") != 1) root.refuse("format", "must be 1");
    for (const char* for_people : {"sources", "shows", "offers", "hints", "groups"}) root.find(for_people);
    root.require("providers");
    std::vector<Provider> out;
    each_of(root, "providers", [&](const json& item, const std::string& pointer) {
        Provider provider = provider_of(item, pointer);
        const auto same = [&](const Provider& other) { return other.id == provider.id; };
        if (std::any_of(out.begin(), out.end(), same))
            throw wfc::Problem(WFC_INTERNAL, pointer, pointer + "/id stands twice");
        out.push_back(std::move(provider));
    });
    root.done();
    return out;
}

const std::vector<Provider>& providers() {
    // Belongs to this library: unloading the library destroys it.
    static const std::vector<Provider> parsed = parse_providers(providers_json());
    return parsed;
}

const Provider* find_provider(std::string_view id) {
    const auto& all = providers();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Provider& each) { return each.id == id; });
    return found == all.end() ? nullptr : &*found;
}

namespace {

/// Hosts of all providers; asked for each message.
class HostNames {
  public:
    explicit HostNames(const std::vector<Provider>& all) : all_(all) {
        for (std::size_t place = 0; place < all.size(); ++place) {
            for (const std::string& pattern : all[place].hosts) {
                const bool below = pattern.starts_with("*.");
                if (below) {
                    suffixes_.emplace_back(std::string_view(pattern).substr(1), place);
                } else {
                    names_.emplace(pattern, place);
                }
            }
        }
    }

    /// The first provider that has the name, in lower case without a final dot.
    const Provider* find(std::string_view name) const {
        const auto exact = names_.find(name);
        std::size_t first = exact == names_.end() ? all_.size() : exact->second;
        for (const auto& [suffix, place] : suffixes_) {
            if (place < first && name.size() > suffix.size() && name.ends_with(suffix)) first = place;
        }
        return first == all_.size() ? nullptr : &all_[first];
    }

  private:
    const std::vector<Provider>& all_;
    std::unordered_map<std::string_view, std::size_t> names_;
    std::vector<std::pair<std::string_view, std::size_t>> suffixes_;  ///< with their dot
};

}  // namespace

const Provider* provider_of_host(std::string_view host) {
    static const HostNames hosts(providers());
    std::string name = lower_case(host);
    if (name.ends_with('.')) name.pop_back();
    return hosts.find(name);
}

}  // namespace mailsend
