/// Every line that goes over the wire is built here, and nowhere else.
///
/// Guarantees: no command holds CR, LF or NUL but its final CR LF; each renders twice, for the wire and
/// masked for the log; credentials live in wiping memory only. Nothing else can make a Command or append to
/// a CommandGroup, so no raw string can be sent.
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
    /// RFC 3461 sections 4.3 and 4.4: asks for headers only, and where it can be said, names the message.
    std::optional<std::string_view> envelope_id;
};

/// Commands without credentials, to be sent one behind the other (RFC 2920). Keeps its memory when cleared.
///
/// Each call appends one whole line, or throws std::invalid_argument where an argument holds CR, LF or NUL
/// and appends nothing. Paths are given without angle brackets. One thread at a time.
class CommandGroup {
  public:
    void mail(std::string_view reverse_path, const MailParameters& parameters);
    void rcpt(std::string_view forward_path);
    void data();
    void rset();
    /// RFC 3030 section 2: `octets` follow the line, unstuffed.
    void bdat(std::uint64_t octets, bool last);
    /// The end of data of a message that has not a single octet.
    void empty_body();
    void quit();

    /// The bytes with their CR LF; borrowed until the next change.
    std::string_view wire() const noexcept { return wire_; }
    /// The line appended last, for people: without CR LF.
    std::string_view last() const noexcept {
        return std::string_view(wire_).substr(last_, wire_.size() - last_ - 2);
    }
    bool empty() const noexcept { return wire_.empty(); }
    void clear() noexcept { wire_.clear(); }
    /// An argument that the calls above take.
    static bool takes(std::string_view argument) noexcept;

  private:
    void line(std::string_view before, std::string_view argument, std::string_view after);

    std::string wire_;
    std::size_t last_ = 0;
};

// Each throws std::invalid_argument when an argument holds CR, LF or NUL.
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

}  // namespace mailsend::smtp
