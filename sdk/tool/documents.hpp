/// Reading what `invoke` is given, and showing what it gives back.
#pragma once

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

/// A settings or input document over 64 MiB: not read further.
class TooLarge : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Reads a whole document; "-" is standard input where `standard_input`. Throws Stop(66), TooLarge.
std::string read_document(const std::filesystem::path& path, bool standard_input);

/// A result document of the host's own, for what it refused without asking the component. `stage` as in every
/// error document.
std::string refusal_document(std::string_view stage, std::string_view sentence);

/// Writes the document to standard output: pretty on a terminal, else on one line. Returns its outcome; empty
/// when it has none. Throws std::invalid_argument when it is no JSON object.
std::string show_document(std::string_view document);

/// Shows `error` and `warnings` of a document to a person, on standard error; as events in JSON mode.
void explain_document(std::string_view document, LogWriter& log, const Style& style);

}  // namespace wfc::tool
