/// The AUTH exchange (RFC 4954 section 4), apart from the session's other stages.
///
/// Guarantees: success only on 235, and only once the mechanism is satisfied with the server; a challenge the
/// mechanism cannot answer is given up with "*"; the initial response goes along only where the line fits 512
/// octets (long tokens break servers with a fixed line buffer).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "outcome/failure.hpp"
#include "outcome/reply.hpp"
#include "sasl/mechanism.hpp"
#include "smtp/command.hpp"
#include "smtp/redaction.hpp"

namespace mailsend::smtp {

class Authentication {
  public:
    explicit Authentication(std::unique_ptr<sasl::Mechanism> mechanism) : mechanism_(std::move(mechanism)) {}

    /// The first line: AUTH MECHANISM, with the initial response where it fits.
    Command start();

    /// The answer to a 334, or nothing after 235. Throws Failure with the reply and stage auth for everything
    /// else.
    std::optional<Command> proceed(const Reply& reply);

    /// Why the exchange cannot succeed, known before the server has said so in a reply: "*" was sent, or the
    /// server's challenge was a refusal. Nothing while it may succeed.
    std::optional<sasl::ChallengeRefused> hopeless() const;

    /// Adds the mechanism; and where an access token was refused in a challenge, what the challenge said: as
    /// text, at most 4 KiB, with credentials blotted out, and its status; and, where no other reply came, the
    /// 334 itself.
    void tell(Facts& facts, const sasl::Credentials& credentials) const;

    /// Blots out what was sent in this exchange, and the password or token, where the server repeats a piece
    /// of it ("500 unrecognized: AUTH PLAIN AGFsaWNl..."). For what is shown: a challenge may repeat our
    /// nonce, and must be answered as it came. With the same credentials each time.
    void hide_credentials(Reply& reply, const sasl::Credentials& credentials) const;
    void hide_credentials(std::string& sentence, const sasl::Credentials& credentials) const;

    std::string_view mechanism() const noexcept { return mechanism_->name(); }

  private:
    std::optional<wfc::SecretString> answer_to(const Reply& challenge);
    Command answered_with(wfc::SecretString encoded);
    struct Shown {
        std::string text;
        bool repeats_secret = false;
    };
    Shown shown(std::string_view challenge, const sasl::Credentials& credentials) const;
    void hide(std::span<std::string> texts, const sasl::Credentials& credentials, std::size_t kept) const;
    const Redaction& redaction(const sasl::Credentials& credentials) const;

    std::unique_ptr<sasl::Mechanism> mechanism_;
    std::optional<wfc::SecretString> held_back_;      ///< an initial response too long for the first line
    std::vector<wfc::SecretString> sent_;             ///< base64, as the server saw it
    std::optional<Reply> refused_in_;                 ///< the challenge that was a refusal
    std::optional<sasl::ChallengeRefused> given_up_;  ///< why "*" was sent
    mutable std::unique_ptr<Redaction> redaction_;    ///< of the credentials and what was sent
    mutable std::size_t redacted_of_ = 0;             ///< … when so much of it had been sent
    mutable std::vector<wfc::SecretString> inside_;   ///< a token as it looks inside another encoding
};

}  // namespace mailsend::smtp
