/// manifests/errors.json, read once: what can be recognised, and what is said about it.
///
/// Guarantees: a catalogue that exists is whole (every entry has a class, an actor and both languages).
/// Immutable. Does not know how an entry is chosen among those that match: the first one counts, in the order
/// of the file.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnosis/matcher.hpp"
#include "diagnosis/wording.hpp"
#include "outcome/explanation.hpp"

namespace mailsend::diagnosis {

/// Text of one language, with places for values.
struct Wording {
    std::string title;
    std::string cause;
    std::vector<std::string> steps;
};

struct Entry {
    std::string id;
    Matcher match;
    ErrorClass error_class = ErrorClass::unknown;
    Advice advice = Advice::never;
    std::optional<std::chrono::milliseconds> delay;
    Actor actor = Actor::nobody;
    std::string link;
    std::array<Wording, 2> wordings;  ///< by Language
};

struct Catalogue {
    std::vector<Fingerprint> fingerprints;
    std::array<Words, 2> words;  ///< by Language
    std::vector<Entry> entries;

    /// Throws std::runtime_error with one sentence that names the entry at fault.
    static Catalogue parse(std::string_view json);
    /// The one inside this library; parsed at the first call, on any thread.
    static const Catalogue& embedded();
};

}  // namespace mailsend::diagnosis
