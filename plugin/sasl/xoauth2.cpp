#include "sasl/xoauth2.hpp"

#include "sasl/token_exchange.hpp"

namespace mailsend::sasl {

std::unique_ptr<Mechanism> xoauth2(const Credentials& credentials) {
    check_token_credentials(credentials);
    wfc::SecretString message;
    message.reserve(credentials.username.size() + credentials.password.size() + 32);
    message.append("user=").append(credentials.username);
    message.append("\x01").append("auth=Bearer ").append(credentials.password.reveal());
    message.append("\x01\x01");
    return std::make_unique<TokenExchange>("XOAUTH2", std::move(message), "");
}

}  // namespace mailsend::sasl
