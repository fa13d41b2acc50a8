/// Reading the journal's records from the store, and saying why that failed.
#pragma once

#include <optional>
#include <string>

#include "flow/journal.hpp"

namespace wfc::flow {

/// Throws JournalUnusable where what is written would be seen by nobody else (Records::unsound).
void require_sound(Records& records);
/// Throws JournalUnusable with a sentence that names the store, the record and what to do; of a store that is
/// not sound, as require_sound, whatever `why` is.
[[noreturn]] void unusable(Records& records, const std::string& key, const std::string& why);
/// Why a call failed with `status`.
std::string reason(wfc_status status);
/// Nothing: there is no such record. Throws JournalUnusable.
std::optional<StateValue> read(Records& records, const std::string& key);
/// `version`: of what is there; 0 for nothing. One that cannot be understood is a run of which nothing is
/// known, with a step that is unknown. Throws JournalUnusable.
std::optional<RunRecord> read_run(Records& records, const std::string& key, std::uint64_t& version);

}  // namespace wfc::flow
