#include "diagnosis/compiler/source.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "diagnosis/compiler/entry_reader.hpp"
#include "diagnosis/compiler/places.hpp"
#include "wfc/json.hpp"

namespace mailsend::diagnosis::compiler {
namespace {

using nlohmann::json;

constexpr const char* root_name = "catalogue.json";
constexpr std::size_t most_providers = 32;  // a bit each

json parsed(const std::string& text) {
    return wfc::parse_json(text, WFC_INTERNAL, "file", {16u << 20, 16});
}

std::vector<ProviderSource> read_providers(const json& list) {
    std::vector<ProviderSource> out;
    for (std::size_t i = 0; i < list.size(); ++i) {
        wfc::Fields fields(list[i], "/providers/" + std::to_string(i), WFC_INTERNAL);
        ProviderSource provider{fields.required_string("id"), strings(fields, "presets"),
                                fields.string("text").value_or(""), fields.string("greeting").value_or(""),
                                fields.string("host").value_or("")};
        fields.done();
        const auto same = [&](const ProviderSource& other) { return other.id == provider.id; };
        if (std::any_of(out.begin(), out.end(), same)) fields.refuse("id", "is the id of two providers");
        out.push_back(std::move(provider));
    }
    if (out.size() > most_providers) throw std::runtime_error("has more than 32 providers");
    return out;
}

std::map<std::string, std::string> read_words(wfc::Fields& fields, const char* language) {
    const std::string pointer = fields.pointer_of(language);
    std::map<std::string, std::string> out;
    for (const auto& [name, word] : fields.require(language).items()) {
        if (!word.is_string() || word.get_ref<const std::string&>().empty())
            throw std::runtime_error(pointer + "/" + name + " must be a text");
        const std::string fault = fault_of_places(word.get_ref<const std::string&>());
        if (!fault.empty()) throw std::runtime_error(pointer + "/" + name + " " + fault);
        out.emplace(name, word.get<std::string>());
    }
    return out;
}

std::array<std::map<std::string, std::string>, 2> read_all_words(const json& object) {
    wfc::Fields fields(object, "/words", WFC_INTERNAL);
    std::array<std::map<std::string, std::string>, 2> out{read_words(fields, "en"), read_words(fields, "ja")};
    fields.done();
    for (const auto& [name, word] : out[0]) {
        if (!out[1].contains(name)) throw std::runtime_error("/words/ja has no " + name);
    }
    if (out[0].size() != out[1].size()) throw std::runtime_error("/words/en has fewer words than /words/ja");
    return out;
}

/// Of a file of entries; `owner` follows the reading, for the sentence of a refusal.
void read_entries(const json& document, const std::string& name, Source& source, std::set<std::string>& ids,
                  std::string& owner) {
    wfc::Fields fields(document, "", WFC_INTERNAL);
    if (fields.require("format") != 1) fields.refuse("format", "must be 1");
    const json& entries = fields.require("entries");
    if (!entries.is_array()) fields.refuse("entries", "must be a list");
    fields.done();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const json& entry = entries[i];
        const bool named = entry.is_object() && entry.contains("id") && entry["id"].is_string();
        owner = name + ", " +
                (named ? "the entry '" + entry["id"].get<std::string>() + "'" : "entry " + std::to_string(i));
        EntrySource read = read_entry(entry, source.providers);
        read.owner = owner;
        if (!ids.insert(read.id).second) throw std::runtime_error("its id stands twice in the catalogue");
        source.entries.push_back(std::move(read));
        owner = name;
    }
}

}  // namespace

Source read_source(const ReadFile& read) {
    std::string owner = root_name;
    try {
        const json root = parsed(read(root_name));
        wfc::Fields fields(root, "", WFC_INTERNAL);
        if (fields.require("format") != 1) fields.refuse("format", "must be 1");
        const std::vector<std::string> files = strings(fields, "files");
        const json& providers = fields.require("providers");
        if (!providers.is_array()) fields.refuse("providers", "must be a list");
        Source source;
        source.providers = read_providers(providers);
        source.words = read_all_words(fields.require("words"));
        fields.done();
        std::set<std::string> ids;
        std::set<std::string> seen;
        for (const std::string& name : files) {
            if (!seen.insert(name).second) throw std::runtime_error("names the file " + name + " twice");
            owner = name;
            read_entries(parsed(read(name)), name, source, ids, owner);
            owner = root_name;
        }
        if (source.entries.empty()) throw std::runtime_error("the catalogue has no entries");
        return source;
    } catch (const std::exception& fault) {
        throw std::runtime_error(owner + ": " + fault.what());
    }
}

std::string merged(const ReadFile& read) {
    using Ordered = nlohmann::ordered_json;
    Ordered root = Ordered::parse(read(root_name));
    Ordered entries = Ordered::array();
    for (const auto& name : root.at("files")) {
        Ordered file = Ordered::parse(read(name.get<std::string>()));
        for (auto& entry : file.at("entries")) entries.push_back(std::move(entry));
    }
    root.erase("files");
    root["entries"] = std::move(entries);
    return root.dump(1) + "\n";
}

}  // namespace mailsend::diagnosis::compiler
