#include <algorithm>

#include "sasl/cram_md5.hpp"
#include "sasl/login.hpp"
#include "sasl/mechanism.hpp"
#include "sasl/plain.hpp"
#include "sasl/scram.hpp"

namespace mailsend::sasl {
namespace {

std::unique_ptr<Mechanism> make(std::string_view name, const Credentials& credentials) {
    if (name == "PLAIN") return plain(credentials);
    if (name == "LOGIN") return login(credentials);
    if (name == "CRAM-MD5") return cram_md5(credentials);
    return scram(name == "SCRAM-SHA-256" ? ScramHash::sha256 : ScramHash::sha1, credentials);
}

}  // namespace

const std::vector<std::string_view>& supported(bool encrypted) {
    static const std::vector<std::string_view> under_tls = {"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN",
                                                            "CRAM-MD5"};
    static const std::vector<std::string_view> in_clear = {"SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5",
                                                           "PLAIN", "LOGIN"};
    return encrypted ? under_tls : in_clear;
}

std::unique_ptr<Mechanism> choose(const std::vector<std::string>& offered, std::string_view wanted,
                                  const Credentials& credentials, bool encrypted) {
    for (const std::string_view name : supported(encrypted)) {
        if (!wanted.empty() && wanted != name) continue;
        if (std::find(offered.begin(), offered.end(), name) == offered.end()) continue;
        return make(name, credentials);
    }
    return nullptr;
}

}  // namespace mailsend::sasl
