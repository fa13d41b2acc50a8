#include "tool/run_accounts.hpp"

#include <chrono>
#include <vector>

#include "host/host_document.hpp"
#include "tool/documents.hpp"
#include "tool/stop.hpp"

namespace wfc::tool {

namespace {

std::int64_t steady_ms() noexcept {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::string read_settings(const std::string& file) try {
    return file.empty() ? "{}" : read_document(file, false);
} catch (const Stop& stop) {
    throw AccountUnusable(stop.code(),
                          host_document("failed", {"host.settings_unreadable", "settings"}, stop.what()),
                          stop.what());
}

}  // namespace

ConfiguredComponent::ConfiguredComponent(const Manifest& manifest, const SharedServices& shared,
                                         const std::string& settings)
    : parallel_(manifest.parallel),
      idle_ms_(manifest.idle_ms),
      host_(shared, manifest.type, settings),
      component_(load(manifest, ComponentHost::offered())->create(host_.table())) {
    std::string problem;
    const wfc_status status = component_.configure(settings, problem);
    if (status == WFC_OK) return;
    std::string outcome = "failed";
    try {
        outcome = outcome_of(problem);
        if (outcome.empty()) throw std::invalid_argument("its document has no outcome");
    } catch (const std::invalid_argument& fault) {
        problem = host_document("failed", {"host.settings_refused", "settings"},
                                manifest.type + " refused the settings and did not say why: " + fault.what());
    }
    throw AccountUnusable(exit_code(status, outcome), problem, manifest.type + " refused the settings");
}

ConfiguredComponent::~ConfiguredComponent() {
    component_.quiesce();
}

std::optional<wfc_status> ConfiguredComponent::invoke(const wfc_call& call,
                                                      const std::function<bool()>& begin) {
    std::shared_lock shared(gate_, std::defer_lock);
    std::unique_lock alone(gate_, std::defer_lock);
    if (parallel_) {
        shared.lock();
    } else {
        alone.lock();
    }
    if (!begin()) return std::nullopt;
    resting_ = false;
    const wfc_status status = component_.invoke(call);
    last_call_ms_ = steady_ms();
    return status;
}

void ConfiguredComponent::quiesce_if_idle() {
    if (idle_ms_ == 0 || resting_) return;
    const std::unique_lock alone(gate_, std::try_to_lock);
    if (!alone || steady_ms() - last_call_ms_ < static_cast<std::int64_t>(idle_ms_)) return;
    component_.quiesce();
    resting_ = true;
}

Accounts::Accounts() : resting_([this] { rest(); }) {}

Accounts::~Accounts() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_all();
    resting_.join();
}

/// Once a second is enough for rests of many seconds.
void Accounts::rest() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::seconds(1), [this] { return ending_; })) {
        std::vector<std::shared_ptr<ConfiguredComponent>> all;
        for (auto& [key, account] : accounts_) {
            const std::unique_lock own(account.mutex, std::try_to_lock);
            if (own && account.component) all.push_back(account.component);
        }
        lock.unlock();
        for (const auto& component : all) component->quiesce_if_idle();
        all.clear();
        lock.lock();
    }
}

std::shared_ptr<ConfiguredComponent> Accounts::component(const Manifest& manifest, const std::string& file,
                                                         const SharedServices& shared) {
    Account* account = nullptr;
    {
        const std::lock_guard lock(mutex_);
        account = &accounts_[{{manifest.type, file}, &shared.files}];
    }
    std::string settings = read_settings(file);
    const std::lock_guard lock(account->mutex);
    if (account->component && account->settings == settings) return account->component;
    try {
        auto fresh = std::make_shared<ConfiguredComponent>(manifest, shared, settings);
        account->component = std::move(fresh);  // the old one goes with its last call
        account->settings = std::move(settings);
    } catch (const Refused& refused) {
        throw AccountUnusable(exit_no_component,
                              host_document("failed", {"host.component_refused", "host"}, refused.what()),
                              refused.what());
    }
    return account->component;
}

}  // namespace wfc::tool
