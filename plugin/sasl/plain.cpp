#include "sasl/plain.hpp"

#include <stdexcept>
#include <utility>

namespace mailsend::sasl {
namespace {

class Plain final : public Mechanism {
  public:
    explicit Plain(wfc::SecretString message) : message_(std::move(message)) {}

    std::string_view name() const noexcept override { return "PLAIN"; }
    std::optional<wfc::SecretString> initial_response() override { return answer_once(); }
    /// RFC 4954 section 4: without an initial response the server asks with an empty challenge.
    std::optional<wfc::SecretString> next(std::string_view) override { return answer_once(); }

  private:
    std::optional<wfc::SecretString> answer_once() {
        if (std::exchange(answered_, true)) return std::nullopt;
        return std::move(message_);
    }

    wfc::SecretString message_;
    bool answered_ = false;
};

}  // namespace

std::unique_ptr<Mechanism> plain(const Credentials& credentials) {
    const std::string_view user = credentials.username;
    const std::string_view password = credentials.password.reveal();
    if (user.find('\0') != user.npos || password.find('\0') != password.npos) {
        throw std::invalid_argument("user name and password may not contain NUL");
    }
    wfc::SecretString message;
    message.reserve(user.size() + password.size() + 2);
    message.append(std::string_view("\0", 1)).append(user).append(std::string_view("\0", 1)).append(password);
    return std::make_unique<Plain>(std::move(message));
}

}  // namespace mailsend::sasl
