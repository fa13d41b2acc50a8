/// Looking after the accounts of a flow: whether they will still work at its next run.
///
/// Guarantees: every account that can be asked (Steps::checks) is asked as the flow starts and within the day
/// before each run, once in 24 hours at most by all flows and processes together; starts within an hour ask
/// once. (Flows that route warnings to a step and those that do not are two groups of their own.) What is
/// found is told as events, and the flow's own `on.warning` leads to a step, which then runs once: for the
/// same warnings every seven days at most, for others at once, never twice because of a restart. Whatever
/// goes wrong here, the flow goes on. Routes of that step are not followed.
///
/// Key in the records: "account/…", one for each account: when it was asked, and a number of what was told.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "flow/course.hpp"

namespace wfc::flow {

struct Findings;

/// What is kept of an account.
struct AccountRecord {
    std::int64_t checked_ms = 0;  ///< when it was asked last, or is being asked; unix ms
    std::string owner;            ///< who is asking just now; empty: nobody
    std::string told;             ///< the fingerprint of the warnings that were routed last; empty: none
    std::int64_t told_ms = 0;     ///< and when
};

/// Before a run at `run_ms`: when an account that was asked at `checked_ms` is to be asked again; nothing
/// where that was within the day before the run. Wall times.
std::optional<std::int64_t> check_due(std::int64_t checked_ms, std::int64_t run_ms);
/// Whether a start at `now_ms` asks again.
bool check_due_at_start(std::int64_t checked_ms, std::int64_t now_ms);
/// Whether warnings with that fingerprint are to be routed now.
bool is_news(const AccountRecord& record, const std::string& fingerprint, std::int64_t now_ms);

/// Of one flow. One thread.
class Checkup {
  public:
    /// All outlive this.
    Checkup(const Flow& flow, Records& records, Owners& owners, Steps& steps, Clock& clock, Events& events)
        : flow_(flow), records_(records), owners_(owners), steps_(steps), clock_(clock), events_(events) {}

    /// The flow starts.
    void at_start() { look(std::nullopt); }
    /// There is a run at `run_ms`, on the wall, and `due` says that it is time.
    void before(std::int64_t run_ms) { look(run_ms); }
    /// When there is something to do before that run, on the wall; nothing: it has been done.
    std::optional<std::int64_t> due(std::int64_t run_ms) const;

  private:
    void look(std::optional<std::int64_t> run_ms);
    void check(const Step& account, std::optional<std::int64_t> run_ms);
    bool claim(const std::string& key, std::optional<std::int64_t> run_ms);
    bool save(const std::string& key, const AccountRecord& record);
    void tell(const Step& account, const std::string& id, const Findings& findings);
    void alert(const Step& step, const std::string& id, const std::string& payload);
    const Step* alert_step() const;

    const Flow& flow_;
    Records& records_;
    Owners& owners_;
    Steps& steps_;
    Clock& clock_;
    Events& events_;
    AccountRecord record_;  ///< of the account that is being looked at
    std::uint64_t version_ = 0;
    std::int64_t looked_ms_ = 0;                      ///< when accounts were looked for
    std::map<std::string, std::int64_t> checked_ms_;  ///< by key: of those that were there then
};

}  // namespace wfc::flow
