/// Carries out the steps of flows with components.
///
/// Guarantees: what a step names is looked up once, at start; what goes wrong later is a document with the
/// outcome "failed", never an exception. Adds "payload" and "render" to an input whose schema has them; a
/// payload that a step's own input has comes first, a "render" of its own is refused.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flow/course.hpp"
#include "metrics/counters.hpp"
#include "tool/options.hpp"
#include "tool/run_accounts.hpp"
#include "tool/written_secrets.hpp"

namespace wfc::tool {

/// Any thread, once all flows are known.
class ComponentSteps final : public flow::Steps {
  public:
    /// All outlive this. `cancelled` ends the running calls, `stopping` those that ask how an account is.
    ComponentSteps(const RunOptions& options, LogWriter& log, SecretStore& secrets, StateStore& state,
                   const std::atomic<bool>& cancelled, const std::atomic<bool>& stopping);

    /// From now on calls are counted there. It outlives this. Before other threads.
    void count_with(metrics::Counters& counters) noexcept { counters_ = &counters; }
    /// Looks up everything that the flow names. Throws Stop: 69 no such component, 64 no such operation, 66
    /// its folder cannot be opened, 78 an input sets what only the runner may. Before other threads start.
    void know(const flow::Flow& flow);
    /// Names of the secrets in the settings of all known flows, as far as they can be read.
    std::set<std::string, std::less<>> secrets_of(const flow::Flow& flow) const;
    /// Makes the components of the flow and says on standard error what is wrong with their settings.
    void rehearse(const flow::Flow& flow);

    flow::StepResult run(const flow::Flow& flow, const flow::Step& step, const std::string& call_id,
                         const std::string& payload, const std::function<bool()>& begin) override;
    flow::StepResult look(const flow::Flow& flow, const flow::Step& step, const std::string& call_id,
                          const std::function<bool()>& begin) override;
    /// Of the components that declare an action "account-status" without effects, where it is there with the
    /// settings that stand in the file now.
    std::vector<flow::Step> checks(const flow::Flow& flow) override;

  private:
    struct Known {
        Manifest manifest;
        std::map<std::string, std::set<std::string>> input_members;  ///< by operation
    };
    SharedServices shared(const flow::Flow& flow) const;
    flow::StepResult carry_out(const flow::Flow& flow, const flow::Step& step, const std::string& call_id,
                               const std::string& payload, const std::function<bool()>& begin,
                               const std::atomic<bool>& ended);
    void count(const flow::Step& step, const std::string& document,
               std::optional<std::chrono::nanoseconds> took = std::nullopt) const noexcept;
    void name_missing(const SecretView& secrets, wfc_status status, const SecretNames& written);
    void explain(const std::string& document, const std::string& what);

    const RunOptions& options_;
    LogWriter& log_;
    SecretStore& secrets_;
    StateStore& state_;
    const std::atomic<bool>& cancelled_;
    const std::atomic<bool>& stopping_;
    metrics::Counters* counters_ = nullptr;
    EgressPolicy egress_;
    std::map<std::string, Known> known_;      ///< by component type
    std::map<std::string, FileRoots> roots_;  ///< by folder of flow files
    std::mutex explaining_;                   ///< a document is shown whole
    Accounts accounts_;
};

/// `input` with the members that the runner adds where `members`, those of the input's schema, has them.
std::string step_input(const std::string& input, const std::set<std::string>& members,
                       const std::string& payload);

}  // namespace wfc::tool
