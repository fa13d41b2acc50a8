#include "delivery/identity.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

namespace mailsend::delivery {

Identities::Identities() : salt_(crypto::random_token(32)) {}

Identity Identities::of(const Route& route) const {
    wfc::SecretString all;
    all.reserve(salt_.size() + (route.credentials ? route.credentials->password.size() : 0) + 256);
    // Each behind its length, so that no two lists of them read the same.
    const auto add = [&](std::string_view part) {
        all.append(std::to_string(part.size()));
        all.append(":");
        all.append(part);
    };
    add(salt_);
    add(std::to_string(reinterpret_cast<std::uintptr_t>(route.certificate)));
    add(route.mechanism);
    if (const auto& credentials = route.credentials) {
        add(credentials->proof == sasl::Proof::access_token ? "token" : "password");
        add(credentials->username);
        add(credentials->password.reveal());
    }
    return crypto::sha256(all.reveal());
}

}  // namespace mailsend::delivery
