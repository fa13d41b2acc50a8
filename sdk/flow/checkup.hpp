/// Looking after the accounts of a flow: whether they will still work at its next run.
///
/// Guarantees: every account that can be asked (Steps::checks) is asked as the flow starts and within the day
/// before each run, by one flow and process for all; 20 hours lie between two looks, an hour where a flow
/// starts. One that fails for a passing reason is repeated after half an hour before anybody is told, unless
/// there is less than an hour left. What is found is told as events, and the flow's own `on.warning` leads to
/// a step, which then runs once for each flow: for the same warnings once a week at most (told.hpp), for
/// others and for what had been mended at once, never twice because of a restart; again at the next look
/// where it failed. Whatever goes wrong here, the flow goes on. Routes of that step are not followed. Between
/// signal and end nothing is told: the next start does.
///
/// Key in the records: "account/…", one for each account (account_record.hpp).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "flow/account_record.hpp"
#include "flow/course.hpp"
#include "flow/told.hpp"

namespace wfc::flow {

/// Of one flow. One thread.
class Checkup {
  public:
    /// All outlive this.
    Checkup(const Flow& flow, Records& records, Owners& owners, Steps& steps, Clock& clock, Events& events)
        : flow_(flow),
          records_(records),
          owners_(owners),
          steps_(steps),
          clock_(clock),
          events_(events),
          told_(records, flow.id) {}

    /// The flow starts; `run_ms`: its next run, on the wall, if that is known.
    void at_start(std::optional<std::int64_t> run_ms = std::nullopt) { look({true, run_ms}); }
    /// There is a run at `run_ms`, on the wall, and `due` says that it is time.
    void before(std::int64_t run_ms) { look({false, run_ms}); }
    /// When there is something to do before that run, on the wall; nothing: it has been done.
    std::optional<std::int64_t> due(std::int64_t run_ms) const;

  private:
    /// What this flow knows of an account.
    struct Known {
        std::int64_t checked_ms = 0;
        std::int64_t again_ms = 0;  ///< when to come back in any case; or 0
    };
    void look(const Occasion& occasion);
    void check(const Step& account, const std::string& name, const Occasion& occasion);
    bool claim(const std::string& key, const Occasion& occasion, Known& known);
    void ask(const Step& account, const std::string& name, const Occasion& occasion, Known& known);
    bool save(const std::string& key, const AccountRecord& record);
    void route(const Step& account, const std::string& name, const std::string& id, const Findings& findings,
               bool tell_too);
    void tell(const Step& account, const std::string& id, const Findings& findings);
    bool alert(const Step& step, const std::string& id, const std::string& payload);
    const Step* alert_step() const;

    const Flow& flow_;
    Records& records_;
    Owners& owners_;
    Steps& steps_;
    Clock& clock_;
    Events& events_;
    Told told_;
    AccountRecord record_, before_;  ///< of the account that is being looked at, and before this look
    std::uint64_t version_ = 0;
    std::int64_t looked_ms_ = 0;          ///< when accounts were looked for
    std::map<std::string, Known> known_;  ///< by key: of those that were there then
};

}  // namespace wfc::flow
