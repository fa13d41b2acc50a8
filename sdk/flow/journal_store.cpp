#include "flow/journal_store.hpp"

#include "flow/journal_text.hpp"

namespace wfc::flow {

void require_sound(Records& records) {
    if (const std::string why = records.unsound(); !why.empty()) throw JournalUnusable(why);
}

void unusable(Records& records, const std::string& key, const std::string& why) {
    require_sound(records);  // a file that is gone explains any failure, and only a person can mend it
    throw JournalUnusable(records.name() + " cannot be used (record " + key + "): " + why);
}

std::string reason(wfc_status status) {
    return status == WFC_UNAVAILABLE
               ? "another program holds it locked, its disk is full, or it is damaged; end that program or "
                 "make room"
           : status == WFC_INVALID_INPUT ? "the record is too large"
                                         : "status " + std::to_string(status);
}

std::optional<StateValue> read(Records& records, const std::string& key) {
    StateValue value;
    const wfc_status status = records.get(key, value);
    if (status == WFC_NOT_FOUND) return std::nullopt;
    if (status != WFC_OK) unusable(records, key, reason(status));
    return value;
}

std::optional<RunRecord> read_run(Records& records, const std::string& key, std::uint64_t& version) {
    const std::optional<StateValue> value = read(records, key);
    version = value ? value->version : 0;
    if (!value) return std::nullopt;
    try {
        return run_record(value->bytes);
    } catch (const std::invalid_argument&) {
        // Unreadable is not undone.
        return RunRecord{0, "unreadable", "", 0, 0, 0, {}};
    }
}

}  // namespace wfc::flow
