/// The fact worth reading about a stage of a connection, in the language of the settings.
///
/// Guarantees: pure; says nothing that was not seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "net/stream.hpp"
#include "outcome/failure.hpp"
#include "outcome/vocabulary.hpp"
#include "smtp/capabilities.hpp"

namespace mailsend {

/// "STARTTLS 8BITMIME SIZE=100 AUTH=PLAIN".
std::string capabilities_text(const smtp::Capabilities& offered);

/// What parts a sentence from the next one.
std::string full_stop(Language language);

/// ", " between.
std::string list_text(const std::vector<std::string>& words);

struct TlsWords {
    std::string text;
    bool warning = false;  ///< the certificate ends within 21 days, or the version is too old
};

/// Version, cipher, names, issuers and the days that the certificate has left at `now_unix` (seconds).
TlsWords tls_words(const net::TlsFacts& tls, std::int64_t now_unix, Language language);

/// What else is known of a failed handshake or greeting: every other fault of the certificate, what this
/// machine's clock says where dates are at fault, the protocol that the server spoke instead. Empty when
/// nothing is; else it goes on behind a sentence that has no full stop.
std::string clues(const Facts& facts, Language language);

}  // namespace mailsend
