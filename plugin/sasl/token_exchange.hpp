/// What XOAUTH2 and OAUTHBEARER have in common: one message with an access token (RFC 6750), and a refusal
/// that comes as a challenge (RFC 7628 section 3.2.2). They differ in the message and in how they take note
/// of the refusal. Does not read what the refusal says. Internal to this folder.
#pragma once

#include <string_view>

#include "sasl/mechanism.hpp"

namespace mailsend::sasl {

/// Throws std::invalid_argument, with the end of a sentence, where the user name or the server's name would
/// shift the fields of the message, or the token is none.
void check_token_credentials(const Credentials& credentials);

class TokenExchange final : public Mechanism {
  public:
    /// `acknowledgement` answers the refusal; both views must be of static storage.
    TokenExchange(std::string_view name, wfc::SecretString message, std::string_view acknowledgement)
        : name_(name), message_(std::move(message)), acknowledgement_(acknowledgement) {}

    std::string_view name() const noexcept override { return name_; }
    std::optional<wfc::SecretString> initial_response() override;
    std::optional<wfc::SecretString> next(std::string_view challenge) override;
    std::optional<ChallengeRefused> refusal() const override;

  private:
    enum class Said { nothing, token, acknowledgement };

    std::string_view name_;
    wfc::SecretString message_;
    std::string_view acknowledgement_;
    Said said_ = Said::nothing;
};

}  // namespace mailsend::sasl
