/// Components that steps share: one for each component type and settings file.
///
/// Guarantees: a component is loaded and configured once and used by all steps and flows of its account; the
/// settings file is read at each use, and when its bytes have changed a new component takes the calls while
/// the old one finishes its own and is destroyed. Calls run at the same time only where the manifest allows
/// it; after its `idle_ms` without a call a component is quiesced.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "host/component_host.hpp"
#include "loader/loader.hpp"

namespace wfc::tool {

/// The account cannot be used now. Holds what a step ends with instead.
class AccountUnusable : public std::runtime_error {
  public:
    /// `code`: what `wfc invoke` would exit with.
    AccountUnusable(int code, std::string document, const std::string& sentence)
        : std::runtime_error(sentence), code_(code), document_(std::move(document)) {}
    int code() const noexcept { return code_; }
    const std::string& document() const noexcept { return document_; }

  private:
    int code_;
    std::string document_;
};

/// A component with the settings it was configured with. Any thread.
class ConfiguredComponent {
  public:
    /// Loads and configures. Throws AccountUnusable, Refused.
    ConfiguredComponent(const Manifest& manifest, const SharedServices& shared, const std::string& settings);
    ~ConfiguredComponent();
    ConfiguredComponent(const ConfiguredComponent&) = delete;
    ConfiguredComponent& operator=(const ConfiguredComponent&) = delete;

    /// `begin` is asked once it is this call's turn; nothing when that says no.
    std::optional<wfc_status> invoke(const wfc_call& call, const std::function<bool()>& begin);
    /// Quiesces it if it rests for as long as its manifest says and nobody uses it.
    void quiesce_if_idle();
    const SecretView& secrets() const noexcept { return host_.secrets(); }

  private:
    bool parallel_;
    std::uint32_t idle_ms_;
    ComponentHost host_;
    ComponentHandle component_;
    std::shared_mutex gate_;  ///< shared by parallel calls, alone for all else
    std::atomic<std::int64_t> last_call_ms_{0};
    std::atomic<bool> resting_{true};
};

class Accounts {
  public:
    Accounts();
    ~Accounts();
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    /// The component of `manifest` for the settings that stand in `file` now (empty: {}); what it opens lies
    /// beneath the roots of `shared`. Throws AccountUnusable.
    std::shared_ptr<ConfiguredComponent> component(const Manifest& manifest, const std::string& file,
                                                   const SharedServices& shared);

  private:
    struct Account {
        std::mutex mutex{};
        std::string settings{};
        std::shared_ptr<ConfiguredComponent> component{};
    };
    using Key = std::pair<std::pair<std::string, std::string>, const FileRoots*>;
    void rest();

    std::mutex mutex_;
    std::map<Key, Account> accounts_;
    std::condition_variable wake_;
    bool ending_ = false;
    std::thread resting_;
};

}  // namespace wfc::tool
