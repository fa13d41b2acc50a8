#include "smtp/command.hpp"

#include <charconv>
#include <iterator>
#include <stdexcept>

namespace mailsend::smtp {

/// The only maker of commands. `secret` follows `line` on the wire; the log shows `masked_secret` in its
/// place.
Command command_line(std::string_view line, std::string_view secret, std::string_view masked_secret) {
    constexpr std::string_view forbidden("\r\n\0", 3);
    if (line.find_first_of(forbidden) != line.npos || secret.find_first_of(forbidden) != secret.npos) {
        throw std::invalid_argument("a command may not contain CR, LF or NUL");
    }
    Command out;
    out.wire_.reserve(line.size() + secret.size() + 2);
    out.wire_.append(line).append(secret).append("\r\n");
    out.masked_.append(line).append(masked_secret);
    return out;
}

namespace {

Command open_line(std::string_view line) {
    return command_line(line, {}, {});
}

}  // namespace

Command ehlo(std::string_view domain) {
    return open_line(std::string("EHLO ").append(domain));
}
Command helo(std::string_view domain) {
    return open_line(std::string("HELO ").append(domain));
}
Command starttls() {
    return open_line("STARTTLS");
}

Command auth(std::string_view mechanism, const wfc::SecretString& initial_response) {
    return command_line(std::string("AUTH ").append(mechanism).append(" "), initial_response.reveal(),
                        "****");
}

Command auth(std::string_view mechanism) {
    return open_line(std::string("AUTH ").append(mechanism));
}

Command auth_answer(const wfc::SecretString& response) {
    return command_line({}, response.reveal(), "****");
}
Command auth_cancel() {
    return open_line("*");
}

// ---- groups

namespace {

/// RFC 3461 section 4.4: of the encoded value.
constexpr std::size_t longest_envelope_id = 100;

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number);
    out.append(digits, error == std::errc{} ? end : digits);
}

/// RFC 3461 section 4; nothing where the value may not be said: too long, or not printable ASCII.
std::optional<std::string> xtext(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (c < ' ' || c > '~') return std::nullopt;
        if (c != '+' && c != '=' && c != ' ') {
            out += c;
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        out.append({'+', hex[octet >> 4U], hex[octet & 15U]});
    }
    if (out.empty() || out.size() > longest_envelope_id) return std::nullopt;
    return out;
}

}  // namespace

bool CommandGroup::takes(std::string_view argument) noexcept {
    bool clean = true;
    for (const char c : argument) clean &= c != '\r' && c != '\n' && c != '\0';
    return clean;
}

void CommandGroup::line(std::string_view before, std::string_view argument, std::string_view after) {
    if (!takes(argument)) throw std::invalid_argument("a command may not contain CR, LF or NUL");
    last_ = wire_.size();
    wire_.append(before).append(argument).append(after);
}

void CommandGroup::mail(std::string_view reverse_path, const MailParameters& parameters) {
    line("MAIL FROM:<", reverse_path, ">");
    if (parameters.size) append_number(wire_.append(" SIZE="), *parameters.size);
    if (parameters.body_8bitmime) wire_ += " BODY=8BITMIME";
    if (parameters.smtputf8) wire_ += " SMTPUTF8";
    if (parameters.envelope_id) {
        wire_ += " RET=HDRS";
        if (const auto id = xtext(*parameters.envelope_id)) wire_.append(" ENVID=").append(*id);
    }
    wire_ += "\r\n";
}

void CommandGroup::rcpt(std::string_view forward_path) {
    line("RCPT TO:<", forward_path, ">\r\n");
}
void CommandGroup::data() {
    line("DATA\r\n", {}, {});
}
void CommandGroup::rset() {
    line("RSET\r\n", {}, {});
}
void CommandGroup::empty_body() {
    line(".\r\n", {}, {});
}
void CommandGroup::quit() {
    line("QUIT\r\n", {}, {});
}

void CommandGroup::bdat(std::uint64_t octets, bool last) {
    line("BDAT ", {}, {});
    append_number(wire_, octets);
    wire_.append(last ? " LAST\r\n" : "\r\n");
}

}  // namespace mailsend::smtp
