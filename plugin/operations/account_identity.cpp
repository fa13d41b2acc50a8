#include "operations/account_identity.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "message/draft_layers.hpp"
#include "message/draft_parser.hpp"

namespace mailsend {

const Provider* provider_of(const ServerSettings& server) {
    return server.provider.empty() ? provider_of_host(server.host) : find_provider(server.provider);
}

std::string user_name_of(const Settings& settings) {
    if (settings.auth) return settings.auth->username;
    return settings.oauth ? settings.oauth->username : "";
}

bool is_user_name_of(const Provider& provider, const std::string& user) {
    switch (provider.user_name) {
        case UserNameForm::literal:
            return user == provider.user_name_literal;
        case UserNameForm::full_address:
        case UserNameForm::local_part:
            return true;
        default:
            return false;
    }
}

std::optional<AddrSpec> address_in(const std::string& text) {
    try {
        return parse_addr_spec(text);
    } catch (const std::invalid_argument&) {
        return std::nullopt;
    }
}

bool same_account(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
        return lower(a) == lower(b);
    });
}

std::vector<std::string> own_addresses(const Settings& settings) {
    std::vector<std::string> out;
    const auto add = [&](std::string address) {
        if (!address.empty()) out.push_back(std::move(address));
    };
    add(user_name_of(settings));
    if (settings.oauth) add(settings.oauth->sign_in_as);
    if (const auto sender = sender_of(settings)) add(sender->mailbox.address.wire());
    if (settings.from) add(settings.from->address.wire());
    return out;
}

std::optional<AccountSender> sender_of(const Settings& settings) {
    const char* const of_messages = "/message/from";
    const auto from = settings.message->find("from");
    if (from != settings.message->end() && !holds_tags(*from))
        return AccountSender{mailbox_of(*from, {WFC_INVALID_SETTINGS, of_messages}), of_messages};
    if (settings.from) return AccountSender{*settings.from, "/from"};
    return std::nullopt;
}

}  // namespace mailsend
