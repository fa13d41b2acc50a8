/// One run of a flow: its steps in order, and where each outcome leads.
///
/// Guarantees: every step is in the journal before it begins, and what it ended with is told as it ends and
/// in the journal before the next begins; a store that fails meanwhile is waited for. Once it is time to stop
/// no step begins but those that a route of the last one leads to. The payload goes through all steps in
/// order; a step reached through a route gets the result document of the one before. After a bad outcome that
/// is routed to a step the run is over; after a warning it goes on. Warnings that a step was told within the
/// last six days, in a run or as the account was looked at, are events and lead nowhere (told.hpp). Does not
/// decide when to run.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "flow/complaint.hpp"
#include "flow/journal.hpp"
#include "flow/told.hpp"

namespace wfc::flow {

struct StepResult {
    int code = 0;          ///< what a program that ran this step alone would exit with
    std::string document;  ///< a JSON object
};

/// Carries out steps. Any thread; must not throw but for defects, and for what `begin` throws.
class Steps {
  public:
    Steps() = default;
    Steps(const Steps&) = delete;
    Steps& operator=(const Steps&) = delete;
    virtual ~Steps() = default;
    /// `payload`: a JSON document, or empty for none. Calls `begin` once, when nothing is left to wait for
    /// but the step's own work, and does not do that when it says false; not at all where the step cannot
    /// begin.
    virtual StepResult run(const Flow& flow, const Step& step, const std::string& call_id,
                           const std::string& payload, const std::function<bool()>& begin) = 0;
    /// As run, of a step that asks an account how it is; it may be ended when it is time to stop.
    virtual StepResult look(const Flow& flow, const Step& step, const std::string& call_id,
                            const std::function<bool()>& begin) {
        return run(flow, step, call_id, {}, begin);
    }
    /// For each account of the flow that can be asked how it is, the step that asks it: one for each
    /// component and settings file. Must not throw but for defects.
    virtual std::vector<Step> checks(const Flow&) { return {}; }
};

/// FLOW/2026-11-23T00:00:00Z/STEP
std::string call_id(const std::string& flow, std::int64_t time_ms, const std::string& step);

struct CourseEnd {
    bool stopped = false;  ///< it was time to stop, and steps are left
    bool ran = false;      ///< a step outside of routes ran; `code` is that of the last
    int code = 0;
    std::string outcome;  ///< of that step: a run whose alert was sent has failed all the same
};

class Course {
  public:
    /// All outlive this. The run of `time_ms` is open in `journal`.
    Course(const Flow& flow, std::int64_t time_ms, Journal& journal, Told& told, Steps& steps, Clock& clock,
           Events& events, const Insistence& insist)
        : flow_(flow),
          time_ms_(time_ms),
          journal_(journal),
          told_(told),
          steps_(steps),
          clock_(clock),
          events_(events),
          insist_(insist) {}

    /// Throws JournalUnusable.
    CourseEnd run(const std::string& payload);
    /// The run was cut: follows the route that its last step had before it, if it leads to a step, and runs
    /// nothing else. Of a step that had begun and did not end nobody knows what became.
    CourseEnd after_cut(const CutRun& cut);
    /// How far it came.
    const CourseEnd& end() const noexcept { return end_; }

  private:
    struct Done {
        std::string outcome, document;
        bool good = false;
        bool warned = false;                 ///< and that is to be routed
        bool told_before = false;            ///< it is not, for that was done
        std::optional<Told::Claim> claim{};  ///< what counts as told from now on
    };
    bool execute(const Step& step, const std::string& payload, bool routed, Done& done);
    static void read(std::string document, Done& done, std::string& message);
    void sift(const Step& step, const std::string& id, Done& done);
    void take_back(const Told::Claim& claim);
    const Route* route(const Step& step, const std::string& outcome) const;
    const Step* last_of(const CutRun& cut) const;
    void routed(const Route& route, const std::string& document, std::optional<Told::Claim> claim);

    const Flow& flow_;
    std::int64_t time_ms_;
    Journal& journal_;
    Told& told_;
    Steps& steps_;
    Clock& clock_;
    Events& events_;
    const Insistence& insist_;
    CourseEnd end_;
};

}  // namespace wfc::flow
