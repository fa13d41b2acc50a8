/// wfc.secrets/1 for one component.
///
/// Guarantees: a component is answered only for the names that stand in its settings; what it writes back
/// does not take the place of a value that was set after it asked (WFC_CONFLICT). Why an answer failed stays
/// with the host: the component gets a status.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/secret_store.hpp"
#include "wfc/component.h"

namespace wfc {

/// Every name in a {"$secret": "name"} of a settings document; none when it is no usable JSON.
std::set<std::string, std::less<>> secret_names(std::string_view settings_json);

/// Any thread.
class SecretView {
  public:
    /// `store` outlives this.
    SecretView(SecretStore& store, std::set<std::string, std::less<>> allowed);
    SecretView(const SecretView&) = delete;
    SecretView& operator=(const SecretView&) = delete;

    const wfc_secrets* table() const noexcept { return &table_; }
    /// From now on values that pass, in either direction, are kept for `passed`. Before other threads.
    void keep_values() noexcept { keeps_ = true; }
    /// Calls `use` with each value that was kept, for as long as the call lasts.
    void passed(const std::function<void(std::string_view value)>& use) const;
    /// Names that were asked for, stand in the settings and are not in the store: not those that were found
    /// or written meanwhile, nor those that the component removed.
    std::vector<std::string> missing() const;
    /// Why the store could not be asked or changed: sentences for people, each once.
    std::vector<std::string> troubles() const;

  private:
    wfc_status get(std::string_view name, wfc_sink value);
    void keep(std::string_view value);
    wfc_status noted(std::string_view name, const SecretAnswer& answer);
    /// As noted, after a change: whether it is there is no longer a question that was asked.
    wfc_status changed(std::string_view name, const SecretAnswer& answer);
    /// It is not missing any more.
    void forget(std::string_view name);
    /// Of the last answer for the name, or empty.
    std::string basis(std::string_view name) const;
    template <class Work>
    wfc_status allowed(std::string_view name, Work work) noexcept;

    SecretStore& store_;
    std::set<std::string, std::less<>> allowed_;
    mutable std::mutex mutex_;
    std::set<std::string, std::less<>> missing_, troubles_;
    std::map<std::string, std::string, std::less<>> bases_;  // by name
    bool keeps_ = false;
    std::vector<SecretString> values_;
    wfc_secrets table_;
};

}  // namespace wfc
