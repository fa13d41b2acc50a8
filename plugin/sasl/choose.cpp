#include <algorithm>

#include "sasl/login.hpp"
#include "sasl/mechanism.hpp"
#include "sasl/plain.hpp"

namespace mailsend::sasl {

const std::vector<std::string_view>& supported() {
    static const std::vector<std::string_view> best_first = {"PLAIN", "LOGIN"};
    return best_first;
}

std::unique_ptr<Mechanism> choose(const std::vector<std::string>& offered, std::string_view wanted,
                                  const Credentials& credentials) {
    for (const std::string_view name : supported()) {
        if (!wanted.empty() && wanted != name) continue;
        if (std::find(offered.begin(), offered.end(), name) == offered.end()) continue;
        return name == "PLAIN" ? plain(credentials) : login(credentials);
    }
    return nullptr;
}

}  // namespace mailsend::sasl
