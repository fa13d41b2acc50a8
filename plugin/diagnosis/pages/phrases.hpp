/// An expression of the catalogue as words that a person would look for.
///
/// Guarantees: every phrase is a text that the expression shows, as far as it is fixed; "…" stands for what
/// may be anything. Knows the expressions that the catalogue uses; of others it makes what it can, and never
/// throws for one that Hyperscan takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailsend::diagnosis::pages {

/// "(account|user) (is )?locked" -> "account is locked", "account locked", "user is locked", "user locked".
/// Where that would be many, parts that may be missing are left out, and then choices are shown as
/// "account/user locked". Each phrase once, in the expression's order.
std::vector<std::string> phrases(std::string_view expression);

}  // namespace mailsend::diagnosis::pages
