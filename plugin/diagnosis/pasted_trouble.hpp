/// Errors of resolvers, sockets and TLS libraries by the names and texts that programs give them, and the few
/// sentences by which an HTTP API is known. Internal to the reading of pasted text.
#pragma once

#include <optional>
#include <string_view>

#include "outcome/failure.hpp"

namespace mailsend::diagnosis {

/// Stage and condition of the most telling words in `text`: names of errno and of getaddrinfo, reasons of
/// OpenSSL by number and text, results of certificate checks, and the words of Java, Go, Python, .NET and
/// Node.js for them. Host and port where they stand beside it. Nothing where the text has none of them.
std::optional<Facts> trouble_in_text(std::string_view text);

/// Facts of a sentence that only one HTTP API for mail says, pasted without the body it stood in.
std::optional<Facts> api_in_text(std::string_view text);

}  // namespace mailsend::diagnosis
