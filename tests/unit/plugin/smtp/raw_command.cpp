// With one of the macros: text that is no Command is sent. The compiler must say no to each.
#include <string>

#include "smtp/command.hpp"

void send(const mailsend::smtp::Command& command);

int main() {
#if defined(TEXT)
    send("MAIL FROM:<>\r\n");
#elif defined(STRING)
    send(std::string("MAIL FROM:<>\r\n"));
#elif defined(MADE)
    send(mailsend::smtp::Command{});
#elif defined(COPIED)
    const auto one = mailsend::smtp::starttls();
    const mailsend::smtp::Command other = one;
#else
    send(mailsend::smtp::starttls());
#endif
}
