/// JSON in text that was pasted: bodies of APIs and token endpoints, challenges, our own result document,
/// lines of structured logs. Internal to the reading of pasted text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "outcome/failure.hpp"

namespace mailsend::diagnosis {

struct PastedJson {
    /// What the JSON says by itself, if it is of a kind that is known.
    std::optional<Facts> facts;
    /// Whether that is the challenge of a refused token.
    bool challenge = false;
    /// Otherwise all of its strings, a line each, with the text around it; empty where there is no JSON.
    std::string strings;
    /// In strings that name it, as Node.js does ("command": "AUTH PLAIN"); in lower case.
    std::string command;
};

/// Reads the first JSON objects in `text`. Bounded in nesting and number; never throws.
PastedJson read_json_in(std::string_view text);

}  // namespace mailsend::diagnosis
