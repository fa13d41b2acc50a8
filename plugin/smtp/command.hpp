/// Every line that goes over the wire is built here, and nowhere else.
///
/// Guarantees: no command holds CR, LF or NUL but its final CR LF; each renders twice, for the wire and
/// masked for the log; credentials live in wiping memory only. Nothing else can make a Command, so no raw
/// string can be sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wfc/secret.hpp"

namespace mailsend::smtp {

/// One command line of RFC 5321 section 4.1, ready to be sent. Move-only.
class Command {
  public:
    /// The bytes with their CR LF.
    std::string_view wire() const noexcept { return wire_.reveal(); }
    /// The same for people: credentials are replaced, no CR LF.
    const std::string& masked() const noexcept { return masked_; }

  private:
    friend Command command_line(std::string_view line, std::string_view secret,
                                std::string_view masked_secret);
    Command() = default;
    wfc::SecretString wire_;
    std::string masked_;
};

/// Parameters of MAIL (RFC 5321 4.1.1.11).
struct MailParameters {
    std::optional<std::uint64_t> size;  ///< octets, RFC 1870
    bool smtputf8 = false;              ///< RFC 6531
    bool body_8bitmime = false;         ///< RFC 6152
};

// Each throws std::invalid_argument when an argument holds CR, LF or NUL. Paths are given without angle
// brackets.
Command ehlo(std::string_view domain);
Command helo(std::string_view domain);
Command starttls();
/// `initial_response` is base64 already ("=" for an empty one, RFC 4954 section 4).
Command auth(std::string_view mechanism, const wfc::SecretString& initial_response);
Command auth(std::string_view mechanism);
/// An answer to a 334, base64 already; masked whole.
Command auth_answer(const wfc::SecretString& response);
/// Gives an exchange up (RFC 4954 section 4).
Command auth_cancel();
Command mail(std::string_view reverse_path, const MailParameters& parameters);
Command rcpt(std::string_view forward_path);
Command data();
Command rset();
Command quit();

}  // namespace mailsend::smtp
