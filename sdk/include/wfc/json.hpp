/// Reading JSON documents strictly: bounded, without duplicate members, each fault named by its pointer.
///
/// Guarantees: size and nesting are checked before a DOM is built; a member nobody asked for is refused with
/// the nearest known one; a value of the wrong type is refused with the type expected. Needs nlohmann_json,
/// hence not included by the other headers.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wfc/json_tree.hpp"
#include "wfc/problem.hpp"

namespace wfc {

/// What a document may cost before it is parsed.
using JsonBounds = JsonReaderBounds;

/// Parses `document`; throws Problem(status) with a sentence for too large, too deep, not UTF-8, a duplicate
/// member (by pointer) or a syntax error (with its position). `what` names the document in sentences:
/// "settings", "input".
inline nlohmann::json parse_json(std::string_view document, wfc_status status, std::string_view what,
                                 JsonBounds bounds = {});

/// Reads the members of one object and, in `done`, refuses those that nobody read.
///
///     Fields server(json, "/server", WFC_INVALID_SETTINGS);
///     const std::string host = server.required_string("host");
///     server.planned({"region"});   // known to the contract, not built yet: "not in this version"
///     server.done();
///
/// One thread; `json` must outlive it.
class Fields {
  public:
    /// Throws Problem when `json` is not an object.
    Fields(const nlohmann::json& json, std::string pointer, wfc_status status)
        : json_(json), pointer_(std::move(pointer)), status_(status) {
        if (!json_.is_object()) refuse({}, "must be an object, not " + describe(json_));
    }

    const std::string& pointer() const noexcept { return pointer_; }
    std::string pointer_of(std::string_view member) const {
        return member.empty() ? pointer_ : pointer_to(pointer_, member);
    }

    /// The member, or null when it is absent; marks it as read.
    const nlohmann::json* find(std::string_view member) {
        known_.emplace_back(member);
        const auto found = json_.find(member);
        return found == json_.end() ? nullptr : &*found;
    }
    /// The member; throws Problem when it is absent.
    const nlohmann::json& require(std::string_view member) {
        const nlohmann::json* found = find(member);
        if (found == nullptr) refuse(member, "is missing");
        return *found;
    }
    std::optional<std::string> string(std::string_view member) {
        const nlohmann::json* found = find(member);
        if (found == nullptr) return std::nullopt;
        return as_string(*found, member);
    }
    std::string required_string(std::string_view member) { return as_string(require(member), member); }
    std::optional<bool> boolean(std::string_view member) {
        const nlohmann::json* found = find(member);
        if (found == nullptr) return std::nullopt;
        if (!found->is_boolean()) refuse(member, "must be true or false, not " + describe(*found));
        return found->get<bool>();
    }
    /// One of `words`; the sentence of the refusal lists them and names the nearest.
    std::optional<std::string> choice(std::string_view member,
                                      std::initializer_list<std::string_view> words) {
        std::optional<std::string> value = string(member);
        if (!value) return value;
        for (const std::string_view word : words) {
            if (*value == word) return value;
        }
        std::string sentence = "must be one of";
        for (const std::string_view word : words) sentence.append(" \"").append(word).append("\"");
        if (const auto near = nearest(*value, words); !near.empty()) {
            sentence.append("; did you mean \"").append(near).append("\"?");
        }
        refuse(member, sentence);
    }

    /// Members of the contract that this version does not build: present, they are refused by name.
    void planned(std::initializer_list<std::string_view> members) {
        for (const std::string_view member : members) {
            if (find(member) != nullptr) refuse(member, "is not in this version");
        }
    }
    /// `"format": 1` may stand in every document.
    void format() {
        const nlohmann::json* found = find("format");
        if (found != nullptr && *found != 1) refuse("format", "must be 1");
    }
    /// Refuses the first member that was not asked for.
    void done() const {
        for (const auto& [name, value] : json_.items()) {
            bool known = false;
            for (const std::string& asked : known_) known = known || asked == name;
            if (known) continue;
            std::string sentence = "is not a known member";
            if (const auto near = nearest(name, known_); !near.empty()) {
                sentence.append("; did you mean \"").append(near).append("\"?");
            }
            refuse(name, sentence);
        }
    }

    [[noreturn]] void refuse(std::string_view member, const std::string& why) const {
        const std::string where = pointer_of(member);
        throw Problem(status_, where,
                      (where.empty() ? std::string("the document") : shortened(where)) + " " + why);
    }

    /// "a string", "a number" … for sentences.
    static std::string describe(const nlohmann::json& value) {
        if (value.is_null()) return "null";
        if (value.is_object() || value.is_array()) return std::string("an ") + value.type_name();
        return std::string("a ") + value.type_name();
    }

  private:
    std::string as_string(const nlohmann::json& value, std::string_view member) const {
        if (!value.is_string()) refuse(member, "must be a string, not " + describe(value));
        return value.get<std::string>();
    }

    const nlohmann::json& json_;
    std::string pointer_;
    wfc_status status_;
    std::vector<std::string> known_;
};

namespace detail {

/// Finds a document that nests deeper than `depth`, without building anything.
inline bool nests_deeper(std::string_view document, std::size_t depth) noexcept {
    std::size_t level = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < document.size(); ++i) {
        const char c = document[i];
        if (quoted) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++level > depth) return true;
        } else if ((c == '}' || c == ']') && level > 0) {
            --level;
        }
    }
    return false;
}

/// Follows a parser through objects and lists, to know where it is and which members it has seen there.
class Place {
  public:
    /// A value begins: in a list, the next one.
    void value() {
        if (!frames_.empty() && frames_.back().list) ++frames_.back().index;
    }
    void open(bool list) {
        value();
        frames_.push_back({list, 0, {}, {}});
    }
    void close() { frames_.pop_back(); }
    /// False when the object has had that member.
    bool member(const std::string& name) {
        frames_.back().name = name;
        return frames_.back().seen.insert(name).second;
    }
    std::string pointer() const {
        std::string out;
        for (const Frame& frame : frames_) {
            out = pointer_to(out, frame.list ? std::to_string(frame.index - 1) : frame.name);
        }
        return out;
    }

  private:
    struct Frame {
        bool list;
        std::size_t index;
        std::string name;
        std::set<std::string> seen;
    };
    std::vector<Frame> frames_;
};

/// "8 MiB", "256 KiB", "100 bytes".
inline std::string size_in_words(std::size_t bytes) {
    if (bytes >= 1u << 20 && bytes % (1u << 20) == 0) return std::to_string(bytes >> 20) + " MiB";
    if (bytes >= 1u << 10 && bytes % (1u << 10) == 0) return std::to_string(bytes >> 10) + " KiB";
    return std::to_string(bytes) + " bytes";
}

}  // namespace detail

inline nlohmann::json parse_json(std::string_view document, wfc_status status, std::string_view what,
                                 JsonBounds bounds) {
    using event = nlohmann::json::parse_event_t;
    const std::string name = "the " + std::string(what);
    const bool plural = !what.empty() && what.back() == 's';
    if (document.size() > bounds.bytes) {
        throw Problem(
            status, {},
            name + (plural ? " are" : " is") + " larger than " + detail::size_in_words(bounds.bytes));
    }
    if (std::optional<nlohmann::json> sound = detail::sound_tree(document, bounds)) return std::move(*sound);
    // Something is wrong with it; what follows finds out what to say.
    if (detail::nests_deeper(document, bounds.depth)) {
        throw Problem(status, {},
                      name + (plural ? " nest" : " nests") + " deeper than " + std::to_string(bounds.depth) +
                          " levels");
    }
    detail::Place place;
    const auto refuse_duplicates = [&](int, event at, nlohmann::json& parsed) {
        if (at == event::object_start || at == event::array_start) {
            place.open(at == event::array_start);
        } else if (at == event::object_end || at == event::array_end) {
            place.close();
        } else if (at == event::value) {
            place.value();
        } else if (at == event::key && !place.member(parsed.get_ref<const std::string&>())) {
            throw Problem(status, place.pointer(),
                          shortened(place.pointer()) + " stands twice in one object");
        }
        return true;
    };
    const std::string invalid = name + (plural ? " are" : " is") + " not valid JSON: ";
    try {
        return nlohmann::json::parse(document.begin(), document.end(), refuse_duplicates);
    } catch (const nlohmann::json::parse_error& error) {
        // Never the parser's own words: they quote the text, which may hold a bare password.
        throw Problem(status, {}, invalid + "syntax error at byte " + std::to_string(error.byte));
    } catch (const nlohmann::json::exception&) {
        throw Problem(status, {}, invalid + "a number is out of range");
    }
}

}  // namespace wfc
