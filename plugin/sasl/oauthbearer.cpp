#include "sasl/oauthbearer.hpp"

#include "sasl/token_exchange.hpp"

namespace mailsend::sasl {
namespace {

/// A `saslname` (RFC 5801 section 4).
std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == ',') {
            out += "=2C";
        } else if (c == '=') {
            out += "=3D";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

std::unique_ptr<Mechanism> oauthbearer(const Credentials& credentials) {
    check_token_credentials(credentials);
    const std::string authzid = escaped(credentials.username);
    wfc::SecretString message;
    message.reserve(authzid.size() + credentials.host.size() + credentials.password.size() + 48);
    // The identity goes along although the token has one: Dovecot wants to see it, and a shared mailbox is
    // another one than the token's.
    message.append("n,a=").append(authzid).append(",\x01");
    if (!credentials.host.empty()) message.append("host=").append(credentials.host).append("\x01");
    if (credentials.port != 0)
        message.append("port=").append(std::to_string(credentials.port)).append("\x01");
    message.append("auth=Bearer ").append(credentials.password.reveal()).append("\x01\x01");
    return std::make_unique<TokenExchange>("OAUTHBEARER", std::move(message), "\x01");
}

}  // namespace mailsend::sasl
