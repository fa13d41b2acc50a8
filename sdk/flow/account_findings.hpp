/// What an account answered when it was asked how it is.
///
/// Guarantees: nothing of a document is taken on trust; what is taken is bounded: 20 warnings of 2 KiB, and
/// objects of 64 KiB, which are left out where they are larger. Internal to this folder; no I/O, any thread.
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
    /// What they are known by when they are found again: of an error its ids, for its sentences name times
    /// and requests; of the other warnings numbers of their sentences.
    std::vector<std::string> marks{};
    bool passing = false;  ///< the error is of a kind that passes by itself
};

/// Of the result document of an operation "account-status": `account.warnings`; where it failed, the error's
/// message and explanation. Nothing for one that was cancelled or is no document. `account.error` is the
/// error document behind one of the warnings.
std::optional<Findings> findings_of(std::string_view document);

/// To be kept, and read again. Throws nlohmann::json::exception for what is no such text.
std::string text_of(const Findings& findings);
Findings kept_findings(const std::string& text);

/// The sentences of `warnings` in a result document: at most 100, bounded and fit for a terminal.
std::vector<std::string> warnings_in(std::string_view document);
/// What a warning is known by: the same number for the same sentence.
std::string mark_of(const std::string& sentence);

/// What a result document says of a step: "failed" where it says nothing.
struct StepEnd {
    std::string outcome, message;  ///< the error's
};
StepEnd end_of(std::string_view document);

/// What the step of `on.warning` gets as its payload.
std::string warning_payload(const Flow& flow, const Step& account, const Findings& findings);

/// Whether a step that tells somebody did: also where that is not known, or reached only some.
bool told_somebody(const std::string& outcome);

/// A number of these texts, the same in every process; empty for none.
std::string fingerprint(const std::vector<std::string>& texts);

}  // namespace wfc::flow
