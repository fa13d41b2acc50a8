#include <algorithm>
#include <array>

#include "sasl/cram_md5.hpp"
#include "sasl/login.hpp"
#include "sasl/mechanism.hpp"
#include "sasl/oauthbearer.hpp"
#include "sasl/plain.hpp"
#include "sasl/scram.hpp"
#include "sasl/xoauth2.hpp"

namespace mailsend::sasl {
namespace {

struct Known {
    std::string_view name;
    Proof proof;
    bool shows_proof;  ///< to the server, and in clear to everybody on the way
    std::unique_ptr<Mechanism> (*make)(const Credentials& credentials, bool encrypted);
};

/// Best first, where the connection is encrypted.
constexpr std::array<Known, 7> known = {{
    {"SCRAM-SHA-256", Proof::password, false,
     [](const Credentials& credentials, bool encrypted) {
         return scram(ScramHash::sha256, credentials, encrypted);
     }},
    {"SCRAM-SHA-1", Proof::password, false,
     [](const Credentials& credentials, bool encrypted) {
         return scram(ScramHash::sha1, credentials, encrypted);
     }},
    {"PLAIN", Proof::password, true, [](const Credentials& credentials, bool) { return plain(credentials); }},
    {"LOGIN", Proof::password, true, [](const Credentials& credentials, bool) { return login(credentials); }},
    {"CRAM-MD5", Proof::password, false,
     [](const Credentials& credentials, bool) { return cram_md5(credentials); }},
    {"OAUTHBEARER", Proof::access_token, true,
     [](const Credentials& credentials, bool) { return oauthbearer(credentials); }},
    {"XOAUTH2", Proof::access_token, true,
     [](const Credentials& credentials, bool) { return xoauth2(credentials); }},
}};

std::vector<std::string_view> names(bool encrypted, Proof proof) {
    std::array<Known, known.size()> order = known;
    if (!encrypted) {
        std::stable_partition(order.begin(), order.end(),
                              [](const Known& entry) { return !entry.shows_proof; });
    }
    std::vector<std::string_view> out;
    for (const Known& entry : order) {
        if (entry.proof == proof) out.push_back(entry.name);
    }
    return out;
}

std::unique_ptr<Mechanism> make(std::string_view name, const Credentials& credentials, bool encrypted) {
    const auto* entry =
        std::find_if(known.begin(), known.end(), [&](const Known& e) { return e.name == name; });
    return entry == known.end() ? nullptr : entry->make(credentials, encrypted);
}

}  // namespace

const std::vector<std::string_view>& supported(bool encrypted, Proof proof) {
    static const std::vector<std::string_view> under_tls = names(true, Proof::password);
    static const std::vector<std::string_view> in_clear = names(false, Proof::password);
    static const std::vector<std::string_view> for_tokens = names(true, Proof::access_token);
    if (proof == Proof::access_token) return for_tokens;
    return encrypted ? under_tls : in_clear;
}

std::unique_ptr<Mechanism> choose(const std::vector<std::string>& offered, std::string_view wanted,
                                  const Credentials& credentials, bool encrypted) {
    // Some servers take an empty password for an anonymous login, and say 235.
    if (credentials.username.empty()) throw std::invalid_argument("the user name is empty");
    if (credentials.password.empty()) {
        throw std::invalid_argument(credentials.proof == Proof::password ? "the password is empty"
                                                                         : "the access token is empty");
    }
    std::optional<std::invalid_argument> unusable;
    for (const std::string_view name : supported(encrypted, credentials.proof)) {
        if (!wanted.empty() && wanted != name) continue;
        if (std::find(offered.begin(), offered.end(), name) == offered.end()) continue;
        try {
            return make(name, credentials, encrypted);
        } catch (const std::invalid_argument& reason) {
            if (!unusable) unusable = reason;  // the best one's says most
        }
    }
    if (unusable) throw std::invalid_argument(*unusable);
    return nullptr;
}

}  // namespace mailsend::sasl
