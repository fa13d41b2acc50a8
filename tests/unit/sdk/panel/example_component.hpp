/// A component directory of a test, removed when it ends: a manifest with its schemas and texts, no library.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

#include "manifest/manifest.hpp"
#include "manifest/refused.hpp"

namespace wfc::test {

/// A new directory, removed when this ends.
class Folder {
  public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "wfc-panel-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
        path = pattern;
    }
    Folder(Folder&& other) noexcept : path(std::exchange(other.path, {})) {}
    Folder& operator=(Folder&&) = delete;
    ~Folder() {
        if (path.empty()) return;
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }

    void write(const std::filesystem::path& file, const std::string& content) const {
        std::filesystem::create_directories((path / file).parent_path());
        std::ofstream(path / file, std::ios::binary) << content;
    }

    std::filesystem::path path;
};

/// One flow operation "post" with the ports "done" and "failed"; what a test changes it says.
class ExampleComponent {
  public:
    ExampleComponent()
        : json(nlohmann::ordered_json::parse(R"({"format": 1, "type": "parcel", "version": "2.0.0",
            "abi": {"major": 1, "minor": 0}, "library": {"linux-x86_64": "lib.so"},
            "operations": [{"id": "post", "kind": "flow", "ports": ["done", "failed"], "effects": "none"}]})")) {
    }

    void settings(const std::string& schema) {
        json["settings"] = "settings.schema.json";
        folder.write("settings.schema.json", schema);
    }
    void input(const std::string& schema) {
        json["operations"][0]["input"] = "post.input.schema.json";
        folder.write("post.input.schema.json", schema);
    }
    void texts(const std::string& language, const std::string& catalogue) {
        json["texts"][language] = language + ".json";
        folder.write(language + ".json", catalogue);
    }
    void operation(const std::string& text) {
        json["operations"].push_back(nlohmann::ordered_json::parse(text));
    }
    Manifest manifest() const {
        folder.write("component.json", json.dump());
        return read_manifest(folder.path);
    }

    nlohmann::ordered_json json;
    Folder folder;
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
