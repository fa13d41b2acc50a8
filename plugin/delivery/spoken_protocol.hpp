/// Names the protocol of a server that speaks first, by its first words.
#pragma once

#include <string>
#include <string_view>

namespace mailsend::delivery {

/// "SMTP", "IMAP", "POP3", "SSH", "HTTP"; empty when the words tell nothing.
std::string spoken_protocol(std::string_view first_words);

}  // namespace mailsend::delivery
