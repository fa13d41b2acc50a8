/// JSON that a component wrote, made fit for a line.
///
/// Guarantees: what comes out is one JSON object on one line in UTF-8, with the members, numbers and texts as
/// they were written; the time that it takes grows with the bytes and with nothing else. Does not check it
/// against a schema.
#pragma once

#include <string>
#include <string_view>

namespace wfc::serve {

/// The object, compact; for anything else, and for more than 64 KiB or 32 levels, {"text": its beginning}.
std::string event_object(std::string_view json);

struct ResultDocument {
    std::string text;
    std::string outcome;  ///< empty where it has none
};

/// Throws std::invalid_argument, a sentence, where it is not one JSON object or nests too deeply.
ResultDocument read_result(std::string_view json);

/// The `error.message` of a document, bounded; empty where it has none.
std::string error_message(std::string_view json);

}  // namespace wfc::serve
