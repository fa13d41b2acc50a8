#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "host/printable.hpp"
#include "host/secret_store.hpp"
#include "loader/loader.hpp"
#include "manifest/options.hpp"
#include "manifest/texts.hpp"
#include "tool/commands.hpp"
#include "tool/component_texts.hpp"
#include "tool/settings_outline.hpp"
#include "tool/stop.hpp"
#include "tool/style.hpp"

namespace wfc::tool {

namespace {

using Json = nlohmann::ordered_json;

void print(const std::string& line) {
    std::printf("%s\n", line.c_str());
}

void print_text(const std::string& text, const Style& style) {
    if (!text.empty()) print("      " + style.dim(text));
}

int list(const DescribeOptions& options, const Style& style) {
    const std::vector<std::filesystem::path> search = search_path(options.components);
    std::vector<std::string> refused;
    const std::vector<Manifest> found = installed(search, &refused);
    for (const Manifest& manifest : found) {
        const ComponentTexts texts(manifest, language_of(options.language));
        std::string operations;
        for (const Operation& operation : manifest.operations)
            operations += (operations.empty() ? "" : ", ") + operation.id;
        print(style.bold(manifest.type) + " " + printable(manifest.version) + "  " + texts.both("component"));
        print("      operations: " + operations);
        print("      in " + printable(manifest.directory.string()));
    }
    for (const std::string& sentence : refused)
        std::fprintf(stderr, "refused: %s\n", printable(sentence).c_str());
    if (!found.empty()) return exit_ok;
    std::string places;
    for (const auto& place : search) places += (places.empty() ? "" : ", ") + place.string();
    throw Stop(exit_no_component, "no component is installed in " + places);
}

/// The ids in a file of choices; none when it cannot be read, which hinders no one from reading the rest.
std::vector<std::string> choices(const Manifest& manifest, const std::string& file) {
    std::vector<std::string> ids;
    try {
        constexpr std::size_t limit = std::size_t{4} << 20;
        for (Option& option : read_options(manifest.read(file, limit), file))
            ids.push_back(std::move(option.id));
    } catch (const Refused& refused) {
        std::fprintf(stderr, "%s: %s\n", manifest.type.c_str(), printable(refused.what()).c_str());
        ids.clear();
    }
    return ids;
}

/// The members that the schema in `file` describes; none without a file.
std::vector<OutlineRow> rows_of(const Manifest& manifest, const std::string& file) {
    if (file.empty()) return {};
    const Json schema = Json::parse(manifest.read(file), nullptr, false);
    if (schema.is_discarded())
        throw Stop(exit_no_component, manifest.type + "'s " + file + " is not valid JSON");
    return outline(schema, text_prefix(file),
                   [&](const std::string& name) { return choices(manifest, name); });
}

/// One line each: an operation's input is looked up often and explained at length in its texts.
void input(const std::vector<OutlineRow>& rows, const ComponentTexts& texts, const Style& style) {
    if (!rows.empty()) print("      input:");
    for (const OutlineRow& row : rows) {
        const std::string title = texts(row.text_key);
        print("        " + row.pointer + (row.facts.empty() ? "" : "  " + printable(row.facts)) +
              (row.condition.empty() ? "" : "  (" + row.condition + ")") +
              (title.empty() ? "" : "  " + style.dim(title)));
    }
}

void operations(const Manifest& manifest, const ComponentTexts& texts, const Style& style) {
    print("\n" + style.bold("Operations"));
    for (const Operation& operation : manifest.operations) {
        std::string ports;
        for (const std::string& port : operation.ports) ports += (ports.empty() ? "" : ", ") + port;
        std::string line = "  " + style.bold(operation.id) + "  " + operation.kind;
        if (!operation.effects.empty()) line += ", effects: " + operation.effects;
        if (!ports.empty()) line += ", ports: " + ports;
        if (operation.settings_optional) line += ", settings: optional";
        if (!operation.view.empty()) line += ", shows: " + operation.view;
        for (const auto& [pointer, word] : operation.when)
            line += ", with " + printable(pointer) + " \"" + printable(word) + "\"";
        for (const std::string& service : operation.needs)
            line += service == WFC_PROMPT ? ", asks a person" : ", needs " + service;
        print(line);
        print_text(texts.both("operations/" + operation.id), style);
        const auto first = std::find_if(manifest.operations.begin(), manifest.operations.end(),
                                        [&](const Operation& each) { return each.input == operation.input; });
        if (first->id != operation.id && !operation.input.empty()) {
            print("      input: as for " + first->id);
        } else {
            input(rows_of(manifest, operation.input), texts, style);
        }
    }
}

void settings(const std::vector<OutlineRow>& rows, const ComponentTexts& texts, const Style& style) {
    print("\n" + style.bold("Settings"));
    for (const OutlineRow& row : rows) {
        print("  " + style.bold(row.pointer) + "  " + printable(row.facts) +
              (row.condition.empty() ? "" : "  (" + row.condition + ")"));
        print_text(texts.both(row.text_key), style);
    }
    if (rows.empty()) print("  none");
}

void secrets(const std::vector<OutlineRow>& rows, const Style& style) {
    print("\n" + style.bold("Secrets"));
    std::size_t count = 0;
    for (const OutlineRow& row : rows) {
        if (!row.secret) continue;
        ++count;
        print("  " + style.bold(row.pointer) + (row.condition.empty() ? "" : "  (" + row.condition + ")"));
    }
    if (count == 0) {
        print("  none");
        return;
    }
    print("  Settings hold a name, as {\"$secret\": \"alice\"}; `wfc secret set alice` stores the value.");
    print("  A value in the environment variable " + SecretStore::variable("alice") + " comes before it.");
}

}  // namespace

int describe(const DescribeOptions& options) {
    const Style style = Style::of(STDOUT_FILENO);
    if (options.type.empty()) return list(options, style);
    const Manifest manifest = find_component(options.type, options.components);
    const ComponentTexts texts(manifest, language_of(options.language));
    const std::vector<OutlineRow> rows = rows_of(manifest, manifest.settings);
    print(style.bold(manifest.type) + " " + printable(manifest.version) + "  " + texts.both("component"));
    print("in " + printable(manifest.directory.string()));
    operations(manifest, texts, style);
    settings(rows, texts, style);
    secrets(rows, style);
    return exit_ok;
}

}  // namespace wfc::tool
