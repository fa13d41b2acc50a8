#include "oauth/account_name.hpp"

#include <nlohmann/json.hpp>

#include "crypto/jwt.hpp"

namespace mailsend::oauth {

namespace {

constexpr std::size_t longest_address = 320;  // RFC 5321 section 4.5.3.1

}  // namespace

std::string account_named_in(std::string_view claims) {
    const nlohmann::json json = nlohmann::json::parse(claims, nullptr, false);
    if (!json.is_object()) return {};
    // The user name in Microsoft's directory comes before `email`, which there is free text; elsewhere the
    // first is often a nickname. unique_name may carry the identity provider ("live.com#…").
    for (const char* const name : {"preferred_username", "upn", "email", "unique_name"}) {
        const auto found = json.find(name);
        if (found == json.end() || !found->is_string()) continue;
        const auto& text = found->get_ref<const std::string&>();
        if (text.find('@') != text.npos && text.size() <= longest_address) return text;
    }
    return {};
}

std::string account_named_in(const TokenAnswer& answer) {
    std::string who = account_named_in(answer.id_claims);
    if (!who.empty()) return who;
    const auto claims = crypto::jwt_claims(answer.access_token.reveal());
    return claims ? account_named_in(*claims) : std::string();
}

}  // namespace mailsend::oauth
