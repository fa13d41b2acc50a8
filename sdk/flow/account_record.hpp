/// What is kept of an account between looks at it, and when it is to be looked at.
///
/// Guarantees: one record for an account, whichever flow looks, so that all see what one found. No I/O, any
/// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "flow/account_findings.hpp"

namespace wfc::flow {

struct AccountRecord {
    std::int64_t checked_ms = 0;    ///< when it was asked last, or is being asked; unix ms
    std::string owner;              ///< who is asking just now; empty: nobody
    std::int64_t taken = 0;         ///< how often a look was taken up whose process had gone
    std::int64_t again_ms = 0;      ///< the last look failed for a passing reason: when to ask again; or 0
    std::optional<Findings> found;  ///< of the last look that ended
};

std::string text_of(const AccountRecord& record);
/// One that cannot be understood counts as none: at worst something is said once more.
AccountRecord account_record(const std::string& text);

/// Before a run at `run_ms`: when an account that was asked at `checked_ms` is to be asked again; nothing
/// where that was within the day before the run. At least 20 hours lie between two looks: were it 24, one
/// that was made seconds before a daily run would be made seconds before it for ever. Wall times.
std::optional<std::int64_t> check_due(std::int64_t checked_ms, std::int64_t run_ms);
/// Whether a start at `now_ms` asks again.
bool check_due_at_start(std::int64_t checked_ms, std::int64_t now_ms);

/// Why somebody wants to look.
struct Occasion {
    bool start = false;                  ///< a flow starts; else there is a run ahead
    std::optional<std::int64_t> run_ms;  ///< the next run, on the wall; nothing: not known
};

/// What there is to do at `now_ms`.
struct Plan {
    enum class Kind {
        look,  ///< ask it now
        wait,  ///< somebody asks it just now
        rest   ///< it is not to be asked now
    };
    Kind kind = Kind::rest;
    std::int64_t again_ms = 0;  ///< when to come back, where the run ahead does not say it; or 0
};
/// `alive`: whether the owner of the record is. A look that was abandoned is taken up once, after an hour: a
/// component that ends its process must not keep flows from running. Believes no time that lies in the future
/// by more than an hour, but for that corrects `record` first.
Plan plan(AccountRecord& record, const Occasion& occasion, std::int64_t now_ms, bool alive);

}  // namespace wfc::flow
