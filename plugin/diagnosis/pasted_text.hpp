/// What a person pasted -- a reply, lines of a log, a body, an exception -- -> facts that can be explained.
///
/// Guarantees: looks at nothing but the text (no network, no files); never throws for any bytes; reads at
/// most `longest_pasted` octets. What is read is a guess: a stage that the text does not name is the one at
/// which the catalogue knows the reply best. Does not hide what is secret in it: outcome/masking does.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "outcome/failure.hpp"

namespace mailsend {

inline constexpr std::size_t longest_pasted = 64 * 1024;

/// What was read.
struct PastedText {
    Facts facts;
    /// The text was longer than `longest_pasted`; its end was not looked at.
    bool cut = false;
};

/// Facts of `text`. `stage`: where it was said, if that is known. `provider`: preset id of the server, or
/// empty. Where nothing in the text looks like the answer of a server or an error of a library, the condition
/// is "explain.unrecognised". Any thread.
PastedText read_pasted(std::string_view text, std::optional<Stage> stage, const std::string& provider);

/// Whether there is anything in `text` that could be read: a letter or a digit of any script.
bool readable(std::string_view text) noexcept;

}  // namespace mailsend
