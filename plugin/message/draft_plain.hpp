/// `send`'s input read from its text straight into a draft, for the many messages that use no template.
///
/// Guarantees: what it takes, the parser of trees (draft_parser.hpp) takes too, with the same draft; it takes
/// less. Says nothing about faults: that parser names them, each with its pointer, in an order that does not
/// depend on how the text is ordered.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "message/draft.hpp"

namespace mailsend {

/// The members that an input has.
struct PlainInput {
    Draft draft;
    std::string_view payload;          ///< JSON text inside the input; empty when there is none
    std::vector<std::string> members;  ///< names of the draft's members that were there

    /// Whether the input says what `member` is; text and html are one body.
    bool has(std::string_view member) const noexcept;
};

/// Nothing for an input that names a template or is one, and for some faults. Throws wfc::JsonFault and
/// wfc::Problem for others.
std::optional<PlainInput> plain_input(std::string_view input_json);

}  // namespace mailsend
