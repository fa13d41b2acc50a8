/// The address of the page that failed to load, as a person copies it from the browser to the terminal.
///
/// Guarantees: nothing of it but the parameters is kept; the state is compared in constant time.
#pragma once

#include <optional>
#include <string_view>

#include "host/visit_parameters.hpp"

namespace wfc {

enum class Pasted {
    right,
    elsewhere,     ///< not an address below the redirect's
    other_sign_in  ///< no state, another one, or a parameter that stands twice
};

struct PastedAddress {
    Pasted verdict = Pasted::elsewhere;
    std::optional<VisitParameters> parameters{};  ///< if right
};

/// `line` is the whole address, the same without `http://`, or what stands behind its path: `?code=…`.
PastedAddress read_pasted(std::string_view line, std::string_view redirect_uri, std::string_view state);

/// What the person should do about a line that is not right: one sentence in `language`, en or ja.
std::string_view pasted_complaint(Pasted verdict, std::string_view language) noexcept;

}  // namespace wfc
