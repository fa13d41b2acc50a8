/// From a component's name to a component that runs.
///
/// Guarantees: everything that can be refused is refused from the manifest, before any code of the component
/// is mapped; the library that is mapped lies inside the component's own directory and carries that very
/// manifest; it stays mapped exactly as long as somebody owns it or a component made from it. The caller's
/// signal mask survives loading. Does not unload threads: a component that leaves one behind breaks its
/// contract.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "manifest/manifest.hpp"
#include "wfc/component.h"

namespace wfc {

/// Directories to look for components in, in order: `options` (--components), then those of WFC_COMPONENTS
/// (separated by colons, not read by a privileged process), then `components` beside the executable and, for
/// an installed one, `../lib/wfc/components`.
std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& options);

/// The manifests of every sound component of `search`, in order, sorted by directory name within one
/// directory; the first of a type hides later ones. An entry of `search` is a directory of component
/// directories, or a component directory itself. `refused`, when given, receives the sentence of each that is
/// not sound.
std::vector<Manifest> installed(const std::vector<std::filesystem::path>& search,
                                std::vector<std::string>* refused = nullptr);

/// The first sound component of that type. Throws Refused: where it was looked for and what is there instead,
/// or what is wrong with the component of that name.
Manifest find(std::string_view type, const std::vector<std::filesystem::path>& search);

class Module;

/// A component, destroyed when this ends; keeps its module mapped. Move-only. Thread rules are those of
/// `wfc_component`. The host it was made with must outlive it.
class ComponentHandle {
  public:
    ComponentHandle() noexcept = default;
    ComponentHandle(std::shared_ptr<const Module> module, wfc_component* component) noexcept
        : module_(std::move(module)), component_(component) {}
    ComponentHandle(ComponentHandle&& other) noexcept
        : module_(std::move(other.module_)), component_(std::exchange(other.component_, nullptr)) {}
    ComponentHandle& operator=(ComponentHandle&& other) noexcept;
    ComponentHandle(const ComponentHandle&) = delete;
    ComponentHandle& operator=(const ComponentHandle&) = delete;
    ~ComponentHandle() { reset(); }

    explicit operator bool() const noexcept { return component_ != nullptr; }

    /// On failure `problem` holds the component's document and the previous settings stay. [serial]
    wfc_status configure(std::string_view settings, std::string& problem) noexcept;
    /// Runs one operation; the result document went to `call.result`. [parallel]
    wfc_status invoke(const wfc_call& call) noexcept { return component_->invoke(component_, &call); }
    void quiesce() noexcept { component_->quiesce(component_); }
    const void* extension(const char* id) const noexcept { return component_->extension(component_, id); }
    /// Destroys the component now.
    void reset() noexcept;

  private:
    std::shared_ptr<const Module> module_;  // released after the component is destroyed
    wfc_component* component_ = nullptr;
};

/// A mapped library. Made by `load`; unmapped after its last owner. Any thread.
class Module : public std::enable_shared_from_this<Module> {
  public:
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
    ~Module();

    const Manifest& manifest() const noexcept { return manifest_; }
    const wfc_module& table() const noexcept { return *table_; }

    /// Makes the component that the manifest names, for `host`. Throws Refused.
    ComponentHandle create(const wfc_host& host) const;

  private:
    friend std::shared_ptr<const Module> load(const Manifest&, const std::vector<std::string>&);
    explicit Module(Manifest manifest) : manifest_(std::move(manifest)) {}

    Manifest manifest_;
    void* library_ = nullptr;
    const wfc_module* table_ = nullptr;
};

/// Loads the component of `manifest` for a host that has `offered` services. Throws Refused.
std::shared_ptr<const Module> load(const Manifest& manifest, const std::vector<std::string>& offered);
/// The same from a component directory.
std::shared_ptr<const Module> load(const std::filesystem::path& directory,
                                   const std::vector<std::string>& offered);

}  // namespace wfc
