/// A component that an engine has named: loaded, configured, called.
///
/// Guarantees: new settings take the place of the old ones between calls, and only where the component takes
/// them; values that came with settings are seen by this component alone, as long as those settings stand;
/// after its `idle_ms` without a call it is quiesced. Does not choose threads: see Turns.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "host/component_host.hpp"
#include "loader/loader.hpp"
#include "serve/call.hpp"
#include "serve/line_prompt.hpp"
#include "serve/turns.hpp"

namespace wfc::serve {

/// What all components of the process share; outlives them.
struct Surroundings {
    LineWriter& out;
    SecretStore& secrets;
    const FileRoots& files;
    const EgressPolicy& egress;
    std::optional<std::reference_wrapper<StateStore>> state;  ///< as in SharedServices
    std::int32_t log_level;
};

class Session {
  public:
    /// Has a name and no component yet. `start` as for Turns. Throws std::system_error.
    Session(std::string name, const Manifest& manifest, Surroundings around,
            std::function<void(Turns::Work)> start);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    const std::string& name() const noexcept { return name_; }
    const Manifest& manifest() const noexcept { return manifest_; }
    LinePrompt& prompt() noexcept { return prompt_; }
    Turns& turns() noexcept { return turns_; }
    /// How calls take their turns.
    Turn turn() const noexcept { return manifest_.parallel ? Turn::shared : Turn::alone; }

    /// Alone, and first: runs code of the component. Throws wfc::Refused, std::exception: then it is
    /// `broken`.
    void load();
    /// Whether it could not be loaded. Nothing but the end may be asked of it then. Any thread.
    bool broken() const noexcept { return broken_; }
    /// Alone. Empty, or the document of the component that refused the settings; the old ones stay then, as
    /// they do where it throws: Refusal("refused", "internal") where the component could not take them for
    /// another reason; wfc::Refused, std::exception.
    std::string configure(const std::string& settings, SecretValues secrets);
    /// Whether settings were ever taken, once the turns before this one are over.
    bool configured() const noexcept { return configured_; }
    /// In its turn. Throws what a result cannot be made of.
    Result invoke(Call& call);
    /// Whether it has rested for as long as its manifest says.
    bool tired() const noexcept;
    /// Alone.
    void quiesce() noexcept;
    /// Alone, and last: the component is destroyed.
    void end() noexcept;

  private:
    /// A component with the host that it sees. Its end is that of the component.
    struct Instance {
        Instance(const Surroundings& around, LogWriter& log, PromptService& prompt, const Module& module,
                 const std::string& settings, SecretValues given);
        SecretStore secrets;
        ComponentHost host;
        ComponentHandle component;
    };
    void tell_troubles();

    std::string name_;
    Surroundings around_;
    Manifest manifest_;
    LogWriter log_;
    LinePrompt prompt_;
    PromptService asks_;
    std::shared_ptr<const Module> module_{};
    std::unique_ptr<Instance> instance_{};
    std::atomic<bool> configured_{false}, resting_{true}, broken_{false};
    std::atomic<std::int64_t> last_call_ms_{0};
    std::mutex mutex_;
    std::set<std::string> told_;  ///< troubles with the store of secrets
    Turns turns_;
};

}  // namespace wfc::serve
