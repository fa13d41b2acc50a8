#include "manifest/manifest.hpp"

#include <algorithm>
#include <system_error>

#include "manifest/component_path.hpp"
#include "wfc/component.h"
#include "wfc/json.hpp"

namespace wfc {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::size_t manifest_limit = std::size_t{256} << 10;
constexpr std::size_t list_limit = 256;

/// "greet", "at-most-once": what may also stand in a file name or a node's type.
bool is_word(std::string_view word) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !word.empty() && word.size() <= 64 && word.front() >= 'a' && word.front() <= 'z' &&
           std::all_of(word.begin(), word.end(), plain);
}

/// "wfc.clock/1": dotted words, a slash, a revision.
bool is_service(std::string_view id) {
    const std::size_t slash = id.find('/');
    if (slash == std::string_view::npos || id.size() > 128) return false;
    const std::string_view revision = id.substr(slash + 1);
    if (revision.empty() || revision.size() > 4 ||
        revision.find_first_not_of("0123456789") != std::string_view::npos) {
        return false;
    }
    std::string_view name = id.substr(0, slash);
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
        if (!is_word(name.substr(0, dot))) return false;
        name.remove_prefix(dot + 1);
    }
    return is_word(name);
}

/// Reads one component.json; every refusal is a Problem with a pointer.
class Reader {
  public:
    explicit Reader(Manifest& into) : out_(into) {}

    void read(const json& document) {
        Fields top(document, "", WFC_INVALID_SETTINGS);
        if (top.require("format") != 1) top.refuse("format", "must be 1");
        out_.type = word(top, "type");
        out_.version = top.required_string("version");
        if (out_.version.empty() || out_.version.size() > 64)
            top.refuse("version", "must be 1 to 64 bytes long");
        abi(top);
        library(top);
        out_.parallel = top.choice("concurrency", {"parallel", "serial"}).value_or("serial") == "parallel";
        out_.idle_ms = number(top, "idle_ms", 86'400'000).value_or(0);
        out_.required = services(top, "requires");
        out_.optional = services(top, "optional");
        out_.settings = path(top, "settings");
        texts(top);
        out_.errors = path(top, "errors");
        out_.icon = path(top, "icon");
        operations(top);
        top.done();
    }

  private:
    std::string word(Fields& fields, std::string_view member) {
        std::string value = fields.required_string(member);
        if (!is_word(value))
            fields.refuse(member, "must be lower-case letters, digits and hyphens, at most 64");
        return value;
    }

    std::optional<std::uint32_t> number(Fields& fields, std::string_view member, std::uint32_t most) {
        const json* found = fields.find(member);
        if (found == nullptr) return std::nullopt;
        if (!found->is_number_unsigned() || found->get<std::uint64_t>() > most) {
            fields.refuse(member, "must be a whole number from 0 to " + std::to_string(most));
        }
        return found->get<std::uint32_t>();
    }

    std::string checked_path(const Fields& fields, std::string_view member, std::string value) {
        if (const std::string fault = fault_of_path(out_.directory, value); !fault.empty())
            fields.refuse(member, fault);
        return value;
    }

    std::string path(Fields& fields, std::string_view member) {
        std::optional<std::string> value = fields.string(member);
        return value ? checked_path(fields, member, std::move(*value)) : std::string{};
    }

    /// A list of distinct words, each of which `good` accepts.
    std::vector<std::string> words(Fields& fields, std::string_view member, bool (*good)(std::string_view),
                                   const char* expected) {
        std::vector<std::string> list;
        const json* found = fields.find(member);
        if (found == nullptr) return list;
        if (!found->is_array()) fields.refuse(member, "must be a list, not " + Fields::describe(*found));
        if (found->size() > list_limit)
            fields.refuse(member, "must hold at most " + std::to_string(list_limit));
        for (const json& item : *found) {
            if (!item.is_string() || !good(item.get_ref<const std::string&>()))
                fields.refuse(member, expected);
            if (std::find(list.begin(), list.end(), item) != list.end()) {
                fields.refuse(member, "names \"" + item.get<std::string>() + "\" twice");
            }
            list.push_back(item.get<std::string>());
        }
        return list;
    }

    std::vector<std::string> services(Fields& fields, std::string_view member) {
        return words(fields, member, is_service, "must be a list of service ids such as \"wfc.clock/1\"");
    }

    void abi(Fields& top) {
        Fields abi(top.require("abi"), "/abi", WFC_INVALID_SETTINGS);
        const auto major = number(abi, "major", 1'000'000);
        const auto minor = number(abi, "minor", 1'000'000);
        if (!major) abi.refuse("major", "is missing");
        if (!minor) abi.refuse("minor", "is missing");
        out_.abi_major = *major;
        out_.abi_minor = *minor;
        abi.done();
    }

    /// An object of free names → paths.
    std::map<std::string, std::string> paths(const json& object, const std::string& pointer) {
        std::map<std::string, std::string> out;
        Fields fields(object, pointer, WFC_INVALID_SETTINGS);
        if (object.size() > list_limit) fields.refuse({}, "must hold at most " + std::to_string(list_limit));
        for (const auto& [name, value] : object.items()) {
            if (!is_word(name))
                fields.refuse({}, "has a name that is not lower-case letters, digits, - and _");
            out[name] = path(fields, name);
        }
        return out;
    }

    void library(Fields& top) {
        out_.library = paths(top.require("library"), "/library");
        if (out_.library.empty()) top.refuse("library", "must name the library of one platform at least");
    }

    void texts(Fields& top) {
        const json* found = top.find("texts");
        if (found == nullptr) return;
        out_.texts = paths(*found, "/texts");
        if (out_.texts.find("en") == out_.texts.end()) top.refuse("texts", "must have \"en\"");
    }

    void operations(Fields& top) {
        const json& list = top.require("operations");
        if (!list.is_array() || list.empty() || list.size() > list_limit) {
            top.refuse("operations", "must be a list of 1 to " + std::to_string(list_limit) + " operations");
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            operation(list[i], pointer_to("/operations", std::to_string(i)));
        }
    }

    void operation(const json& object, const std::string& pointer) {
        Fields fields(object, pointer, WFC_INVALID_SETTINGS);
        Operation read;
        read.id = word(fields, "id");
        if (out_.operation(read.id) != nullptr) fields.refuse("id", "is the id of an operation before it");
        const auto kind = fields.choice("kind", {"flow", "action"});
        if (!kind) fields.refuse("kind", "is missing");
        read.kind = *kind;
        read.input = path(fields, "input");
        read.output = path(fields, "output");
        read.ports = words(fields, "ports", is_word, "must be a list of words");
        if (fields.find("effects") != nullptr) read.effects = word(fields, "effects");
        read.view = fields.choice("view", {"report", "message", "account", "text"}).value_or("");
        read.settings_optional =
            fields.choice("settings", {"required", "optional"}).value_or("required") == "optional";
        read.needs = services(fields, "needs");
        if (const json* when = fields.find("when")) read.when = condition(*when, pointer_to(pointer, "when"));
        if (read.settings_optional && !read.when.empty())
            fields.refuse("settings", "cannot be optional where \"when\" names some of them");
        fields.done();
        out_.operations.push_back(std::move(read));
    }

    std::map<std::string, std::string> condition(const json& object, const std::string& pointer) {
        std::map<std::string, std::string> out;
        Fields fields(object, pointer, WFC_INVALID_SETTINGS);
        for (const auto& [where, value] : object.items()) {
            if (where.empty() || where.front() != '/')
                fields.refuse({}, "must name members of the settings, as \"/a/b\"");
            out[where] = fields.required_string(where);
        }
        return out;
    }

    Manifest& out_;
};

/// The check of the ABI on a document that nothing else is known about. What is not even a pair of numbers is
/// left to the strict reader.
void check_abi_of(const json& document, const fs::path& file) {
    const auto numbers = [&](const char* member) {
        const auto abi = document.find("abi");
        return abi != document.end() && abi->is_object() && abi->contains(member) &&
               (*abi)[member].is_number_unsigned();
    };
    if (!document.is_object() || !numbers("major") || !numbers("minor")) return;
    const auto type = document.find("type");
    const bool named =
        type != document.end() && type->is_string() && is_word(type->get_ref<const std::string&>());
    check_abi(named ? type->get<std::string>() : file.string(), document["abi"]["major"].get<std::uint64_t>(),
              document["abi"]["minor"].get<std::uint64_t>());
}

}  // namespace

void check_abi(const std::string& name, std::uint64_t major, std::uint64_t minor) {
    if (major == WFC_ABI_MAJOR && minor <= WFC_ABI_MINOR) return;
    const auto dotted = [](std::uint64_t one, std::uint64_t two) {
        return std::to_string(one) + "." + std::to_string(two);
    };
    throw Refused(name + " needs ABI " + dotted(major, minor) + ", this host offers " +
                  dotted(WFC_ABI_MAJOR, WFC_ABI_MINOR));
}

const Operation* Manifest::operation(std::string_view id) const noexcept {
    const auto found = std::find_if(operations.begin(), operations.end(),
                                    [&](const Operation& each) { return each.id == id; });
    return found == operations.end() ? nullptr : &*found;
}

fs::path Manifest::file(std::string_view relative) const {
    if (const std::string fault = fault_of_path(directory, relative); !fault.empty()) {
        throw Refused(type + ": \"" + std::string(relative) + "\" " + fault);
    }
    std::error_code error;
    fs::path real = fs::canonical(directory / relative, error);
    if (error) throw Refused(type + ": " + (directory / relative).string() + " does not exist");
    return real;
}

std::string Manifest::read(std::string_view relative, std::size_t limit) const {
    return read_file(file(relative), limit);
}

Manifest read_manifest(const fs::path& directory) {
    Manifest out;
    std::error_code error;
    out.directory = fs::canonical(directory, error);
    if (error) throw Refused("there is no component directory " + directory.string());
    const fs::path file = out.directory / "component.json";
    if (const std::string fault = fault_of_path(out.directory, "component.json"); !fault.empty()) {
        throw Refused(file.string() + " " + fault);
    }
    out.raw = read_file(file, manifest_limit);
    try {
        const json document = parse_json(out.raw, WFC_INVALID_SETTINGS, "manifest", {manifest_limit, 16});
        check_abi_of(document, file);
        Reader(out).read(document);
    } catch (const Problem& problem) {
        throw Refused(file.string() + ": " + problem.what());
    }
    return out;
}

std::string_view platform() noexcept {
#if defined(__linux__) && defined(__x86_64__)
    return "linux-x86_64";
#elif defined(__linux__) && defined(__aarch64__)
    return "linux-aarch64";
#elif defined(__linux__) && defined(__riscv)
    return "linux-riscv64";
#else
    return "unknown";
#endif
}

}  // namespace wfc
