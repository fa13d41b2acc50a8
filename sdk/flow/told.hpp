/// What the step of a flow's `on.warning` was told already, so that it is not told the same every run.
///
/// Guarantees: what was told is not news for six and a half days (a flow that runs once a week is reminded
/// each time), to whichever process and after any restart. It counts as told from before the step begins, so
/// that one which is cut is not run again; take_back undoes that where the step failed. What is mended is
/// forgotten: if it breaks again, that is news.
///
/// Key in the records: "told/FLOW". Holds numbers of sentences, no sentences.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "flow/records.hpp"

namespace wfc::flow {

/// Of one flow. One thread. All throw JournalUnusable.
class Told {
  public:
    /// `records` outlives this.
    Told(Records& records, const std::string& flow) : records_(records), key_("told/" + flow) {}

    struct Entry {
        std::string by;    ///< who found it
        std::string mark;  ///< a number of what was told
        std::int64_t at_ms = 0;
    };
    /// What take_back needs.
    struct Claim {
        std::vector<std::string> marks;
        std::vector<Entry> before;
        std::int64_t at_ms = 0;
    };

    /// All of these count as told now; nothing where none of them is news. Wall time.
    std::optional<Claim> claim(const std::string& by, const std::vector<std::string>& marks,
                               std::int64_t now_ms);
    /// Nobody was told.
    void take_back(const Claim& claim);
    /// `by` finds `still` and nothing else.
    void mended(const std::string& by, const std::vector<std::string>& still);

  private:
    using Entries = std::vector<Entry>;
    /// Until nobody else wrote meanwhile. `work` says whether there is something to write.
    void change(const std::function<bool(Entries&)>& work);

    Records& records_;
    std::string key_;
};

}  // namespace wfc::flow
