#include <cstddef>
#include <cstring>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

#include "loader/loader.hpp"
#include "loader/negotiate.hpp"
#include "wfc/stream.hpp"

namespace wfc {

namespace {

/// Libraries that a component links may change the signal mask when they are initialised (libPocoFoundation
/// blocks SIGPIPE); what the host's threads receive is the host's business.
class SignalMask {
  public:
    SignalMask() noexcept { pthread_sigmask(SIG_SETMASK, nullptr, &saved_); }
    SignalMask(const SignalMask&) = delete;
    SignalMask& operator=(const SignalMask&) = delete;
    ~SignalMask() { pthread_sigmask(SIG_SETMASK, &saved_, nullptr); }

  private:
    sigset_t saved_{};
};

std::string abi(std::uint32_t major, std::uint32_t minor) {
    return std::to_string(major) + "." + std::to_string(minor);
}

/// What is wrong with a module's table, as the end of a sentence; empty: nothing.
std::string fault_of(const wfc_module* table, const Manifest& manifest) {
    if (table == nullptr) return "returns no module table from wfc_module_v1";
    if (table->struct_size < sizeof(wfc_module)) {
        return "has a module table of " + std::to_string(table->struct_size) + " bytes, ABI 1.0 has " +
               std::to_string(sizeof(wfc_module));
    }
    if (table->abi_major != manifest.abi_major || table->abi_minor < manifest.abi_minor) {
        return "was built for ABI " + abi(table->abi_major, table->abi_minor) + ", its manifest says " +
               abi(manifest.abi_major, manifest.abi_minor);
    }
    if (table->manifest == nullptr || table->create == nullptr)
        return "has a module table with a null function";
    if (text(table->manifest()) != manifest.raw) {
        return "carries another manifest than the component.json beside it";
    }
    return {};
}

}  // namespace

std::shared_ptr<const Module> load(const Manifest& manifest, const std::vector<std::string>& offered) {
    const std::filesystem::path library = negotiate(manifest, offered);
    const SignalMask mask;
    const std::shared_ptr<Module> module(new Module(manifest));
    module->library_ = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module->library_ == nullptr) {
        const char* why = dlerror();
        throw Refused(manifest.type + " cannot be loaded: " + (why == nullptr ? library.c_str() : why));
    }
    void* const symbol = dlsym(module->library_, "wfc_module_v1");
    if (symbol == nullptr) {
        throw Refused(manifest.type + " says ABI 1, but " + library.string() + " exports no wfc_module_v1");
    }
    using Entry = const wfc_module*(WFC_CALL*)() WFC_NOEXCEPT;
    Entry entry = nullptr;
    static_assert(sizeof entry == sizeof symbol);
    std::memcpy(&entry, &symbol, sizeof entry);
    module->table_ = entry();
    if (const std::string fault = fault_of(module->table_, manifest); !fault.empty()) {
        throw Refused(library.string() + " " + fault);
    }
    return module;
}

std::shared_ptr<const Module> load(const std::filesystem::path& directory,
                                   const std::vector<std::string>& offered) {
    return load(read_manifest(directory), offered);
}

Module::~Module() {
    if (library_ != nullptr) dlclose(library_);
}

ComponentHandle Module::create(const wfc_host& host) const {
    wfc_component* made = nullptr;
    const wfc_status status = table_->create(view(manifest_.type), &host, &made);
    if (status != WFC_OK || made == nullptr) {
        throw Refused("the library of " + manifest_.type + " did not make the component, status " +
                      std::to_string(status));
    }
    if (!WFC_HAS(made, wfc_component, destroy) || made->configure == nullptr || made->invoke == nullptr ||
        made->quiesce == nullptr || made->extension == nullptr || made->destroy == nullptr) {
        if (WFC_HAS(made, wfc_component, destroy) && made->destroy != nullptr) made->destroy(made);
        throw Refused("the library of " + manifest_.type + " made a component whose table is not whole");
    }
    return {shared_from_this(), made};
}

wfc_status ComponentHandle::configure(std::string_view settings, std::string& problem) noexcept {
    problem.clear();
    return component_->configure(component_, view(settings), append_to(problem));
}

void ComponentHandle::reset() noexcept {
    if (component_ != nullptr) component_->destroy(std::exchange(component_, nullptr));
    module_.reset();
}

ComponentHandle& ComponentHandle::operator=(ComponentHandle&& other) noexcept {
    if (this != &other) {
        reset();
        module_ = std::move(other.module_);
        component_ = std::exchange(other.component_, nullptr);
    }
    return *this;
}

}  // namespace wfc
