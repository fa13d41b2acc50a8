/// Catalogues that a test makes up: compiled as the real one is.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "diagnosis/catalogue.hpp"
#include "diagnosis/compiler/source.hpp"
#include "diagnosis/compiler/writer.hpp"

namespace mailsend::diagnosis {

/// An entry that can be used, with that `match`.
inline nlohmann::json entry_matching(const nlohmann::json& match, const std::string& id = "a.b") {
    const nlohmann::json words{{"title", "t"}, {"cause", "c"}, {"steps", {"s"}}};
    return {
        {"id", id},          {"match", match}, {"class", "unknown"},      {"retry", {{"advice", "never"}}},
        {"actor", "nobody"}, {"source", "x"},  {"verified", "component"}, {"en", words},
        {"ja", words}};
}

/// The files of a catalogue, by name.
using Files = std::map<std::string, std::string>;

/// catalogue.json and one file, a.json.
inline Files files_of(const nlohmann::json& entries,
                      const nlohmann::json& providers = nlohmann::json::array()) {
    const nlohmann::json words{{"host", "the server"}};
    return {{"catalogue.json", nlohmann::json{{"format", 1},
                                              {"files", {"a.json"}},
                                              {"providers", providers},
                                              {"words", {{"en", words}, {"ja", words}}}}
                                   .dump()},
            {"a.json", nlohmann::json{{"format", 1}, {"entries", entries}}.dump()}};
}

inline compiler::ReadFile reader_of(const Files& files) {
    return [&files](const std::string& name) {
        const auto found = files.find(name);
        if (found == files.end()) throw std::runtime_error("there is no file " + name);
        return found->second;
    };
}

inline std::string compiled(const Files& files) {
    return compiler::written(compiler::read_source(reader_of(files)));
}

class SmallCatalogue {
  public:
    /// An entry for each match of the list.
    explicit SmallCatalogue(const nlohmann::json& matches,
                            const nlohmann::json& providers = nlohmann::json::array())
        : bytes_(compiled(files_of(entries(matches), providers))), catalogue_(bytes_) {}
    SmallCatalogue(const SmallCatalogue&) = delete;
    SmallCatalogue& operator=(const SmallCatalogue&) = delete;

    const Catalogue& operator*() const noexcept { return catalogue_; }

  private:
    static nlohmann::json entries(const nlohmann::json& matches) {
        nlohmann::json out = nlohmann::json::array();
        for (const auto& match : matches)
            out.push_back(entry_matching(match, "e." + std::to_string(out.size())));
        return out;
    }

    std::string bytes_;
    Catalogue catalogue_;
};

}  // namespace mailsend::diagnosis
