/// What an account answered when it was asked how it is.
///
/// Guarantees: nothing of a document is taken on trust; what is taken is bounded. Internal to this folder; no
/// I/O, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/flow_file.hpp"

namespace wfc::flow {

struct Findings {
    std::vector<std::string> warnings;  ///< at most 20, of at most 2 KiB each
    std::string account, error;         ///< JSON objects of the document, or empty
};

/// Of the result document of an operation "account-status": `account.warnings`; where it failed, the error's
/// message and explanation. Nothing for one that was cancelled or is no document.
std::optional<Findings> findings_of(std::string_view document);

/// What a result document says of a step: "failed" where it says nothing.
struct StepEnd {
    std::string outcome, message;  ///< the error's
};
StepEnd end_of(std::string_view document);

/// What the step of `on.warning` gets as its payload.
std::string warning_payload(const Flow& flow, const Step& account, const Findings& findings);

/// A number of these texts, the same in every process; empty for none.
std::string fingerprint(const std::vector<std::string>& texts);

}  // namespace wfc::flow
