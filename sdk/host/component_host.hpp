/// The host as one component sees it: its own secrets, and services shared with the others.
///
/// Guarantees: the table and every service live as long as this object; services may be called from any
/// thread. Offers log, clock, secrets, state (where there is a store), files, egress, and a prompt where
/// somebody can be asked.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/egress_policy.hpp"
#include "host/file_roots.hpp"
#include "host/log_writer.hpp"
#include "host/prompt_service.hpp"
#include "host/secret_view.hpp"
#include "host/state_store.hpp"
#include "wfc/component.h"

namespace wfc {

/// What all components of a process share; all of it outlives them.
struct SharedServices {
    LogWriter& log;
    SecretStore& secrets;
    /// Nothing: no wfc.state/1 is offered, as on a machine without a folder to keep state in.
    std::optional<std::reference_wrapper<StateStore>> state;
    const FileRoots& files;
    const EgressPolicy& egress;
    /// Nothing: no wfc.prompt/1 is offered, as where work runs on a schedule and nobody watches.
    std::optional<std::reference_wrapper<PromptService>> prompt = std::nullopt;
};

class ComponentHost {
  public:
    /// `settings_json`: those the component will be configured with; they say which secrets it may see.
    /// `type` keeps its state apart from that of other types.
    ComponentHost(const SharedServices& shared, const std::string& type, std::string_view settings_json);
    ComponentHost(const ComponentHost&) = delete;
    ComponentHost& operator=(const ComponentHost&) = delete;

    /// Outlives the component made with it, if this object does.
    const wfc_host& table() const noexcept { return table_; }
    const SecretView& secrets() const noexcept { return secrets_; }
    SecretView& secrets() noexcept { return secrets_; }

    /// Ids of the services, for the loader's check before loading. State is among them: where its folder
    /// cannot be used, a component that requires it says so. A prompt is not: a component that cannot do
    /// without a person is none that a schedule could run.
    static std::vector<std::string> offered();

  private:
    const void* service(std::string_view id) const noexcept;

    SharedServices shared_;
    SecretView secrets_;
    std::optional<StateView> state_;
    wfc_host table_;
};

/// wfc.clock/1 on the machine's clocks. Stateless.
const wfc_clock* system_clock_table() noexcept;

}  // namespace wfc
