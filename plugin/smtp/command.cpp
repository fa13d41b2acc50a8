#include "smtp/command.hpp"

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

Command mail(std::string_view reverse_path, const MailParameters& parameters) {
    std::string line = std::string("MAIL FROM:<").append(reverse_path).append(">");
    if (parameters.size) line += " SIZE=" + std::to_string(*parameters.size);
    if (parameters.body_8bitmime) line += " BODY=8BITMIME";
    if (parameters.smtputf8) line += " SMTPUTF8";
    return open_line(line);
}

Command rcpt(std::string_view forward_path) {
    return open_line(std::string("RCPT TO:<").append(forward_path).append(">"));
}

Command data() {
    return open_line("DATA");
}
Command rset() {
    return open_line("RSET");
}
Command quit() {
    return open_line("QUIT");
}

}  // namespace mailsend::smtp
