#include "oauth/token_endpoint.hpp"

#include <algorithm>
#include <array>

#include "oauth/exchange.hpp"

namespace mailsend::oauth {

TokenAnswer ask_token(const net::HttpTerms& web, const Client& client, Form form, std::int64_t now_unix_ms,
                      const net::Patience& patience) {
    return ask_tokens(web, client, std::move(form), "token", now_unix_ms, patience);
}

bool grant_is_dead(const Facts& facts) {
    // Microsoft says invalid_grant for a fault of its own and for asking too often, too; both pass.
    static constexpr std::array<std::string_view, 2> passing = {"50000", "50196"};
    const auto number = facts.details.find("aadsts");
    if (number != facts.details.end() &&
        std::find(passing.begin(), passing.end(), number->second) != passing.end()) {
        return false;
    }
    static constexpr std::array<std::string_view, 4> deadly = {"invalid_grant", "interaction_required",
                                                               "consent_required", "login_required"};
    const auto error = facts.details.find("oauth_error");
    return facts.condition == "token.refused" && error != facts.details.end() &&
           std::find(deadly.begin(), deadly.end(), error->second) != deadly.end();
}

}  // namespace mailsend::oauth
