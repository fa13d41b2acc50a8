#include "oauth/assertion.hpp"

#include <nlohmann/json.hpp>

#include "crypto/jwt.hpp"
#include "crypto/random.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::int64_t client_life_s = 300;
constexpr std::int64_t service_life_s = 3600;
constexpr std::size_t jti_bytes = 16;

/// Settings are UTF-8 by then; a byte that is none must not end the call.
std::string written(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

wfc::SecretString client_assertion(std::string_view client_id, std::string_view token_url,
                                   std::string_view certificate_and_key, std::int64_t now_unix_ms) {
    const crypto::AssertionCertificate certificate = crypto::read_assertion_certificate(certificate_and_key);
    const std::int64_t now = now_unix_ms / 1000;
    const nlohmann::ordered_json header = {
        {"alg", "PS256"}, {"typ", "JWT"}, {"x5t#S256", certificate.x5t_s256}};
    const nlohmann::ordered_json claims = {{"aud", token_url},
                                           {"iss", client_id},
                                           {"sub", client_id},
                                           {"jti", crypto::random_token(jti_bytes)},
                                           {"nbf", now},
                                           {"iat", now},
                                           {"exp", now + client_life_s}};
    return crypto::sign_jwt(crypto::JwtAlgorithm::ps256, written(header), written(claims),
                            certificate_and_key);
}

wfc::SecretString service_account_assertion(std::string_view service_account, std::string_view mailbox,
                                            std::string_view scope, std::string_view token_url,
                                            std::string_view private_key, std::int64_t now_unix_ms) {
    const std::int64_t now = now_unix_ms / 1000;
    const nlohmann::ordered_json header = {{"alg", "RS256"}, {"typ", "JWT"}};
    const nlohmann::ordered_json claims = {
        {"iss", service_account}, {"sub", mailbox}, {"scope", scope},
        {"aud", token_url},       {"iat", now},     {"exp", now + service_life_s}};
    return crypto::sign_jwt(crypto::JwtAlgorithm::rs256, written(header), written(claims), private_key);
}

}  // namespace mailsend::oauth
