#include "sasl/login.hpp"

#include <utility>

namespace mailsend::sasl {
namespace {

class Login final : public Mechanism {
  public:
    explicit Login(const Credentials& credentials)
        : username_(credentials.username), password_(credentials.password.copy()) {}

    std::string_view name() const noexcept override { return "LOGIN"; }
    /// Servers disagree on whether LOGIN takes an initial response, so it sends none.
    std::optional<wfc::SecretString> initial_response() override { return std::nullopt; }

    std::optional<wfc::SecretString> next(std::string_view) override {
        switch (answers_++) {
            case 0:
                return wfc::SecretString(username_);
            case 1:
                return std::move(password_);
            default:
                return std::nullopt;
        }
    }

  private:
    std::string username_;
    wfc::SecretString password_;
    int answers_ = 0;
};

}  // namespace

std::unique_ptr<Mechanism> login(const Credentials& credentials) {
    return std::make_unique<Login>(credentials);
}

}  // namespace mailsend::sasl
