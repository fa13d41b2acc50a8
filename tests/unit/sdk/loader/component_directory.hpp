/// A component directory of a test, removed when it ends.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <unistd.h>

#include "manifest/refused.hpp"
#include "support/scratch.hpp"
#include "wrong_manifest.h"

namespace wfc::test {

class ComponentDirectory {
  public:
    /// With a component.json of `manifest`, and the library `wrong_module` (without .so) as lib.so unless it
    /// is empty.
    explicit ComponentDirectory(std::string_view manifest = WRONG_MANIFEST,
                                std::string_view wrong_module = {}) {
        std::filesystem::create_directory(path);
        write("component.json", manifest);
        if (!wrong_module.empty()) {
            const auto modules = std::filesystem::path(BINARY_DIR) / "tests/wrong-modules";
            std::filesystem::copy_file(modules / (std::string(wrong_module) + ".so"), path / "lib.so");
        }
    }
    ComponentDirectory(const ComponentDirectory&) = delete;
    ComponentDirectory& operator=(const ComponentDirectory&) = delete;

    void write(const std::filesystem::path& file, std::string_view content) const {
        std::filesystem::create_directories((path / file).parent_path());
        std::ofstream(path / file, std::ios::binary) << content;
    }
    /// The directory around it.
    const std::filesystem::path& parent() const { return root_.path(); }

  private:
    Scratch root_;

  public:
    std::filesystem::path path = root_ / "component";
};

/// The sentence of the refusal; "" if there was none.
inline std::string refusal(const std::function<void()>& work) {
    try {
        work();
    } catch (const Refused& refused) {
        return refused.what();
    }
    return {};
}

}  // namespace wfc::test
