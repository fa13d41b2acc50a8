// AUTH PLAIN and AUTH LOGIN (RFC 4954, RFC 4616), AUTH XOAUTH2 and AUTH OAUTHBEARER (RFC 7628).
#include <algorithm>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "bearer.hpp"
#include "dialogue.hpp"

namespace inbox {
namespace {

constexpr std::size_t max_answer = 12288;  // RFC 4954 section 4

std::string encode(std::string_view text) {
    std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

/// Strict base64 with padding; nothing when it is none.
std::optional<std::string> decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/';
    };
    if (!std::all_of(text.begin(), text.end() - static_cast<std::ptrdiff_t>(padding), letter))
        return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
}

}  // namespace

bool Dialogue::knows(const std::string& user, std::string_view password) const {
    if (!premises_.users) return true;
    const auto found = premises_.users->find(user);
    return found != premises_.users->end() && found->second.size() == password.size() &&
           CRYPTO_memcmp(found->second.data(), password.data(), password.size()) == 0;
}

/// Sends a 334 and reads what comes back; nothing when the exchange is over (and answered).
std::optional<std::string> Dialogue::challenge(std::string_view prompt) {
    if (answer(Stage::challenge, 334, "", encode(prompt)) != 334) return std::nullopt;
    const std::string line = read_line(max_answer);
    if (line == "*") {
        complain(501, "5.7.0", "Authentication cancelled");
        return std::nullopt;
    }
    std::optional<std::string> decoded = decode(line);
    if (!decoded) complain(501, "5.5.2", "Cannot decode the answer");
    return decoded;
}

void Dialogue::auth(std::string_view argument) {
    if (!greeted_) return complain(503, "5.5.1", "Send EHLO first");
    if (!premises_.offers.auth()) return complain(502, "5.5.1", "AUTH is not offered");
    if (!wire_.encrypted() && !premises_.auth_in_clear) return complain(538, "5.7.11", "AUTH needs TLS");
    if (!envelope_.mechanism.empty()) return complain(503, "5.5.1", "Already authenticated");
    if (in_mail_) return complain(503, "5.5.1", "AUTH does not come within a mail transaction");
    const std::size_t blank = argument.find(' ');
    const std::string mechanism = upper(argument.substr(0, blank));
    const std::string_view initial =
        blank == std::string_view::npos ? std::string_view{} : argument.substr(blank + 1);
    const Offers& offers = premises_.offers;
    const bool password =
        (mechanism == "PLAIN" && offers.auth_plain) || (mechanism == "LOGIN" && offers.auth_login);
    const bool token = (mechanism == "XOAUTH2" && offers.auth_xoauth2) ||
                       (mechanism == "OAUTHBEARER" && offers.auth_oauthbearer);
    if (!password && !token) return complain(504, "5.5.4", "Unknown mechanism");
    std::optional<std::string> first = first_response(initial, mechanism == "LOGIN" ? "Username:" : "");
    if (!first) return;
    if (token) return auth_token(mechanism, std::move(*first));
    auth_password(mechanism, std::move(*first));
}

std::optional<std::string> Dialogue::first_response(std::string_view initial, std::string_view prompt) {
    if (initial.empty()) return challenge(prompt);
    std::optional<std::string> first = initial == "=" ? std::string() : decode(initial);
    if (!first) complain(501, "5.5.2", "Cannot decode the initial response");
    return first;
}

void Dialogue::auth_password(const std::string& mechanism, std::string first) {
    std::string user;
    std::string password;
    if (mechanism == "PLAIN") {  // authorization identity NUL authentication identity NUL password
        const std::size_t one = first.find('\0');
        const std::size_t two = one == std::string::npos ? one : first.find('\0', one + 1);
        if (two == std::string::npos) return complain(501, "5.5.2", "PLAIN takes three parts");
        user = first.substr(one + 1, two - one - 1);
        password = first.substr(two + 1);
    } else {
        user = first;
        std::optional<std::string> second = challenge("Password:");
        if (!second) return;
        password = *second;
    }
    const bool known = knows(user, password);
    OPENSSL_cleanse(password.data(), password.size());
    OPENSSL_cleanse(first.data(), first.size());
    verdict(mechanism, user, known);
}

/// A token that is not taken gets its reason in a 334, which the client has to answer before the verdict. One
/// that the script refuses does where the script has a `challenge`, too: not every server gives a reason.
void Dialogue::auth_token(const std::string& mechanism, std::string first) {
    const bool bearer = mechanism == "OAUTHBEARER";
    std::optional<Bearer> said = bearer ? oauthbearer_message(first) : xoauth2_message(first);
    OPENSSL_cleanse(first.data(), first.size());
    if (!said) return complain(501, "5.5.2", mechanism + " takes a user and a bearer token");
    const bool known = knows(said->user, said->token);
    OPENSSL_cleanse(said->token.data(), said->token.size());
    const bool refused = !known || planned_code(upcoming(Stage::auth), 235) != 235;
    if (refused && (!known || upcoming(Stage::challenge) != nullptr)) {
        const char* const reason = bearer ? R"({"status":"invalid_token","scope":"mail.send"})"
                                          : R"({"status":"401","schemes":"bearer","scope":"mail.send"})";
        if (!challenge(reason)) return;
    }
    verdict(mechanism, said->user, known);
}

void Dialogue::verdict(const std::string& mechanism, const std::string& user, bool known) {
    const int said = known ? answer(Stage::auth, 235, "2.7.0", "Authentication successful")
                           : answer(Stage::auth, 535, "5.7.8", "Authentication credentials invalid");
    if (said != 235) return;
    envelope_.mechanism = mechanism;
    envelope_.user = user;
}

}  // namespace inbox
