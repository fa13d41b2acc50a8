#include "sasl/cram_md5.hpp"

#include <utility>

#include "crypto/hmac.hpp"

namespace mailsend::sasl {
namespace {

class CramMd5 final : public Mechanism {
  public:
    explicit CramMd5(const Credentials& credentials)
        : username_(credentials.username), password_(credentials.password.copy()) {}

    std::string_view name() const noexcept override { return "CRAM-MD5"; }
    std::optional<wfc::SecretString> initial_response() override { return std::nullopt; }

    std::optional<wfc::SecretString> next(std::string_view challenge) override {
        if (std::exchange(answered_, true)) return std::nullopt;
        // A server that says nothing would get the same answer from everybody with that password, every time.
        if (challenge.empty())
            throw ChallengeRefused("auth.challenge", "CRAM-MD5 came with an empty challenge");
        wfc::SecretString answer(username_);
        try {
            answer.append(" ").append(crypto::hmac_md5_hex(password_.reveal(), challenge));
        } catch (const std::runtime_error& forbidden) {  // it was allowed when the exchange began
            throw ChallengeRefused("auth.unpreparable", forbidden.what());
        }
        return answer;
    }

  private:
    std::string username_;
    wfc::SecretString password_;
    bool answered_ = false;
};

}  // namespace

std::unique_ptr<Mechanism> cram_md5(const Credentials& credentials) {
    // Asked now, while another mechanism can still be taken.
    if (!crypto::has_hmac_md5(credentials.password.reveal())) {
        throw std::invalid_argument("CRAM-MD5 needs MD5, which this machine's crypto library does not allow");
    }
    return std::make_unique<CramMd5>(credentials);
}

}  // namespace mailsend::sasl
