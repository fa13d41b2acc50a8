#include "operations/account_secret.hpp"

#include "outcome/failure.hpp"

namespace mailsend {

wfc::SecretString secret_value(const wfc::Secrets& secrets, const SecretRef& secret,
                               const std::string& pointer) {
    try {
        return secrets.get(secret.name);
    } catch (const wfc::ServiceFailed& failed) {
        if (failed.status() == WFC_NOT_FOUND || failed.status() == WFC_UNSUPPORTED) {
            throw MissingSecret(pointer, failed.what());
        }
        throw Failure(Stage::host, "host.secrets", failed.what()).with("secret", secret.name);
    }
}

}  // namespace mailsend
