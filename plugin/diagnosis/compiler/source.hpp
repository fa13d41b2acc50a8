/// The catalogue as people write it: manifests/errors/catalogue.json and the files that it names.
///
/// Guarantees: what was read is whole; anything else is refused in one sentence that names the file and the
/// entry. Expressions are only carried here, they are compiled later.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "diagnosis/layout.hpp"
#include "outcome/vocabulary.hpp"

namespace mailsend::diagnosis::compiler {

/// The content of a file of the folder by its name; throws std::runtime_error where there is none.
using ReadFile = std::function<std::string(const std::string& name)>;

struct WordingSource {
    std::string title;
    std::string cause;
    std::vector<std::string> steps;
};

struct EntrySource {
    std::string owner;  ///< "gmail.json, the entry 'gmail.auth.x'"
    std::string id;
    std::string condition;
    std::uint32_t stages = 0;
    std::uint32_t providers = 0;
    std::vector<layout::CodeRange> codes;
    std::vector<layout::StatusRange> statuses;
    std::string text;
    std::vector<std::pair<std::string, std::string>> details;
    ErrorClass error_class = ErrorClass::unknown;
    Advice advice = Advice::never;
    std::uint32_t delay_ms = 0;
    bool penalty = false;
    Actor actor = Actor::nobody;
    std::string link;
    std::array<WordingSource, 2> wordings;  ///< by Language
};

struct ProviderSource {
    std::string id;
    std::vector<std::string> presets;
    std::string text, greeting, host;  ///< expressions; empty = none
};

struct Source {
    std::vector<ProviderSource> providers;
    std::array<std::map<std::string, std::string>, 2> words;  ///< by Language
    std::vector<EntrySource> entries;                         ///< in the order of matching
};

/// Throws std::runtime_error.
Source read_source(const ReadFile& read);

/// The same as one document: catalogue.json with `entries` in the place of `files`.
std::string merged(const ReadFile& read);

}  // namespace mailsend::diagnosis::compiler
