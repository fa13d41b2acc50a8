#include "manifest/texts.hpp"

#include <algorithm>
#include <set>

#include "manifest/manifest.hpp"
#include "manifest/schema_parts.hpp"
#include "wfc/json.hpp"

namespace wfc {

using nlohmann::json;

namespace {

/// Collects keys once each, in the order of their first use.
class Keys {
  public:
    explicit Keys(std::vector<std::string>& out) : out_(out) {}

    void add(const std::string& key) {
        if (seen_.insert(key).second) out_.push_back(key);
    }

    /// The members of an object, those of all branches of a choice included.
    void members(const json& root, const json& written, const std::string& prefix, std::size_t depth) {
        const json* const at = schema::resolve(root, written);
        if (at == nullptr || depth > schema::depth_limit || schema::is_secret(*at)) return;
        const std::vector<std::string> types = schema::types(*at);
        if (types == std::vector<std::string>{"array"} && at->contains("items")) {
            return members(root, (*at)["items"], prefix, depth + 1);
        }
        if (types != std::vector<std::string>{"object"}) return;  // one field, however many forms it takes
        const json branches = at->value("oneOf", json::array());
        for (const json& branch : branches) members(root, branch, prefix, depth + 1);
        const json properties = at->value("properties", json::object());
        for (const auto& [name, property] : properties.items()) {
            const std::string key = prefix + "/" + name;
            add(key);
            words(root, property, key);
            members(root, property, key, depth + 1);
        }
    }

  private:
    void words(const json& root, const json& written, const std::string& key) {
        const json* const at = schema::resolve(root, written);
        if (at == nullptr) return;
        const json words = at->value("enum", json::array());
        for (const json& word : words) {
            if (word.is_string()) add(key + ".enum." + word.get<std::string>());
        }
        if (const auto word = at->find("const"); word != at->end() && word->is_string()) {
            add(key + ".enum." + word->get<std::string>());
        }
    }

    std::vector<std::string>& out_;
    std::set<std::string> seen_;
};

/// The key that a text of help belongs to.
std::string_view owner(std::string_view key) {
    for (const std::string_view ending : {".help", ".placeholder"}) {
        if (key.size() > ending.size() && key.substr(key.size() - ending.size()) == ending) {
            return key.substr(0, key.size() - ending.size());
        }
    }
    return key;
}

}  // namespace

std::string text_prefix(std::string_view path) {
    path.remove_prefix(std::min(path.rfind('/') + 1, path.size()));
    for (const std::string_view ending : {".json", ".schema"}) {
        if (path.size() > ending.size() && path.substr(path.size() - ending.size()) == ending)
            path.remove_suffix(ending.size());
    }
    return std::string(path);
}

Texts read_texts(std::string_view document, std::string_view name) {
    const std::string where(name);
    try {
        const json parsed =
            parse_json(document, WFC_INVALID_SETTINGS, "catalogue", {std::size_t{1} << 20, 1});
        if (!parsed.is_object()) throw Refused(where + " must be an object of texts");
        Texts out;
        for (const auto& [key, text] : parsed.items()) {
            if (!text.is_string() || text.get_ref<const std::string&>().empty()) {
                throw Refused(where + ": \"" + shortened(key) + "\" must be a text that is not empty");
            }
            out[key] = text.get<std::string>();
        }
        return out;
    } catch (const Problem& problem) {
        throw Refused(where + ": " + problem.what());
    }
}

std::vector<std::string> text_keys(const json& schema, std::string_view prefix) {
    std::vector<std::string> out;
    Keys(out).members(schema, schema, std::string(prefix), 0);
    return out;
}

std::vector<std::string> text_keys(const Manifest& manifest) {
    std::vector<std::string> out;
    Keys keys(out);
    keys.add("component");
    std::set<std::string> files;
    if (!manifest.settings.empty()) files.insert(manifest.settings);
    for (const Operation& operation : manifest.operations) {
        keys.add("operations/" + operation.id);
        for (const std::string& port : operation.ports) keys.add("ports/" + port);
        if (!operation.input.empty()) files.insert(operation.input);
    }
    for (const std::string& file : files) {
        try {
            const json schema = parse_json(manifest.read(file), WFC_INVALID_SETTINGS, "schema");
            const json groups = schema.value("x-groups", json::array());
            for (const json& group : groups) {
                if (group.is_string()) keys.add("groups/" + group.get<std::string>());
            }
            keys.members(schema, schema, text_prefix(file), 0);
        } catch (const Problem& problem) {
            throw Refused(file + ": " + problem.what());
        } catch (const json::exception&) {
            throw Refused(file + ": the schema is not an object of keywords");
        }
    }
    return out;
}

std::vector<std::string> check_texts(const std::vector<std::string>& keys, const Texts& texts,
                                     std::string_view language) {
    std::vector<std::string> out;
    for (const std::string& key : keys) {
        if (texts.find(key) == texts.end()) out.push_back(std::string(language) + " lacks \"" + key + "\"");
    }
    const std::set<std::string_view> known(keys.begin(), keys.end());
    for (const auto& [key, text] : texts) {
        if (known.count(key) != 0 || known.count(owner(key)) != 0) continue;
        // What results hold of an account or of stages stands in no schema of a panel.
        if (key.compare(0, 8, "account/") == 0 || key.compare(0, 7, "report/") == 0) continue;
        // Names and options that panels of engines may have; they fall back to that of the component.
        if (const std::string_view base = owner(key); base == "node" || base == "account") continue;
        if (key.compare(0, 5, "node/") == 0) continue;
        std::string sentence = std::string(language) + " has \"" + key + "\", which nothing shows";
        if (const auto near = nearest(key, keys); !near.empty())
            sentence.append("; did you mean \"").append(near).append("\"?");
        out.push_back(std::move(sentence));
    }
    return out;
}

std::vector<std::string> check_parity(const Texts& texts, std::string_view language, const Texts& others,
                                      std::string_view other_language) {
    std::vector<std::string> out;
    const auto missing = [&](const Texts& from, std::string_view has, const Texts& in,
                             std::string_view lacks) {
        for (const auto& [key, text] : from) {
            if (in.find(key) == in.end()) {
                out.push_back(std::string(lacks) + " lacks \"" + key + "\", which " + std::string(has) +
                              " has");
            }
        }
    };
    missing(texts, language, others, other_language);
    missing(others, other_language, texts, language);
    return out;
}

}  // namespace wfc
