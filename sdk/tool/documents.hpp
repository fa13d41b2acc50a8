/// Reading what `invoke` is given, and showing what it gives back.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tool/style.hpp"
#include "wfc/component.h"

namespace wfc {
class LogWriter;
}

namespace wfc::tool {

/// Reads a document; "-" is standard input where `standard_input`. Throws Stop(66). Reading ends one byte
/// past 64 MiB: what is larger than that is cut, and larger than any component takes, which answers as it
/// does to whatever it finds too large.
std::string read_document(const std::filesystem::path& path, bool standard_input);

/// The result document where a component gave none that is one: the host's own, with stage "host".
std::string contract_breach(std::string_view sentence);

/// More levels than this no result may have.
inline constexpr std::size_t deepest_document = 256;

/// The document's outcome; empty when it has none. Throws std::invalid_argument when it is no JSON object, or
/// nests too deeply to be shown.
std::string outcome_of(std::string_view document);

/// Writes all of `text` to standard output. A standard output that nobody reads is no failure.
void write_out(std::string_view text) noexcept;

/// Writes the document, a JSON object, to standard output: pretty on a terminal, else on one line.
void show_document(std::string_view document);

/// Shows `error` and `warnings` of a document to a person, on standard error; as events in JSON mode.
void explain_document(std::string_view document, LogWriter& log, const Style& style);

}  // namespace wfc::tool
