#include "sasl/token_exchange.hpp"

#include <algorithm>

namespace mailsend::sasl {
namespace {

constexpr bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

constexpr bool is_visible(char c) noexcept {
    return c > 0x20 && c < 0x7F;
}

}  // namespace

void check_token_credentials(const Credentials& credentials) {
    const std::string_view token = credentials.password.reveal();
    if (token.empty()) throw std::invalid_argument("the access token is empty");
    if (!std::all_of(token.begin(), token.end(), is_visible))
        throw std::invalid_argument("the access token holds characters that no token has");
    const auto has_control = [](const std::string& text) {
        return std::any_of(text.begin(), text.end(), is_control);
    };
    if (has_control(credentials.username))
        throw std::invalid_argument("the user name holds control characters");
    if (has_control(credentials.host))
        throw std::invalid_argument("the server's name holds control characters");
}

std::optional<wfc::SecretString> TokenExchange::initial_response() {
    said_ = Said::token;
    return std::move(message_);
}

std::optional<wfc::SecretString> TokenExchange::next(std::string_view) {
    switch (said_) {
        case Said::nothing:
            return initial_response();
        case Said::token:  // a server that is content says 235
            said_ = Said::acknowledgement;
            return wfc::SecretString(acknowledgement_);
        default:
            return std::nullopt;
    }
}

std::optional<ChallengeRefused> TokenExchange::refusal() const {
    if (said_ != Said::acknowledgement) return std::nullopt;
    return ChallengeRefused("auth.refused_in_challenge",
                            "the server refused the access token in a challenge of " + std::string(name_));
}

}  // namespace mailsend::sasl
