/// Our checker and a full draft-07 validator (python3-jsonschema) accept and refuse the same documents.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "manifest/manifest.hpp"
#include "manifest/schema.hpp"
#include "manifest/schema_parts.hpp"

namespace {

using nlohmann::json;

/// A schema and documents to judge by it.
struct Trial {
    std::string name;
    json schema;
    std::vector<json> documents;
};

/// What the validator says, '1' or '0' a document, in order.
std::string verdicts(const std::vector<Trial>& trials) {
    json cases = json::array();
    for (const Trial& trial : trials) cases.push_back({trial.schema, trial.documents});
    std::string file = (std::filesystem::temp_directory_path() / "wfc-schema-XXXXXX").string();
    const int descriptor = mkstemp(file.data());
    if (descriptor < 0) throw std::runtime_error("no temporary file");
    close(descriptor);
    std::ofstream(file) << cases.dump();
    const std::string command =
        "/usr/bin/python3 '" SOURCE_DIR "/tests/unit/sdk/manifest/verdicts.py' '" + file + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string out;
    char block[4096];
    while (const std::size_t n = fread(block, 1, sizeof block, pipe.get())) out.append(block, n);
    std::filesystem::remove(file);
    return out;
}

void expect_agreement(const std::vector<Trial>& trials, double least_accepted) {
    const std::string theirs = verdicts(trials);
    std::size_t at = 0;
    std::size_t accepted = 0;
    for (const Trial& trial : trials) {
        const wfc::Schema schema(trial.schema, wfc::Objects::open);
        for (const json& document : trial.documents) {
            ASSERT_LT(at, theirs.size()) << "the validator gave up: is python3-jsonschema installed?";
            const bool ours = schema.check(document).empty();
            accepted += ours ? 1 : 0;
            EXPECT_EQ(ours, theirs[at++] == '1') << trial.name << ": " << document.dump();
        }
    }
    EXPECT_EQ(at, theirs.size());
    // A table that is all refusals, or none, would agree by accident.
    EXPECT_GT(static_cast<double>(accepted), least_accepted * static_cast<double>(at));
    EXPECT_LT(accepted, at);
}

const std::vector<json>& oddities() {
    static const std::vector<json> values{nullptr,
                                          true,
                                          false,
                                          0,
                                          1,
                                          -1,
                                          2,
                                          587,
                                          65536,
                                          1.0,
                                          1.5,
                                          -0.0,
                                          1e300,
                                          UINT64_MAX,
                                          INT64_MIN,
                                          "",
                                          "x",
                                          "custom",
                                          "none",
                                          "日本語",
                                          "\xF0\x9F\x93\xA7",
                                          std::string(400, 'x'),
                                          json::array(),
                                          {1, 2, 3},
                                          {"x"},
                                          {"x", 1},
                                          json::object(),
                                          {{"a", 1}},
                                          {{"$secret", "x"}},
                                          {{"$secret", ""}},
                                          {{"address", "a@b.test"}},
                                          {{"address", 1}, {"name", "x"}}};
    return values;
}

json schema_of(const char* text) {
    return json::parse(text);
}

TEST(SchemaAgreement, HoldsForEveryKeyword) {
    const char* const schemas[] = {
        R"({})",
        R"({"type":"string"})",
        R"({"type":"integer"})",
        R"({"type":"number"})",
        R"({"type":"boolean"})",
        R"({"type":"null"})",
        R"({"type":"array"})",
        R"({"type":"object"})",
        R"({"type":["integer","string","null"]})",
        R"({"enum":["x",1,null,{"a":1}]})",
        R"({"const":1})",
        R"({"const":"x"})",
        R"({"const":false})",
        R"({"const":[1,2,3]})",
        R"({"minLength":1})",
        R"({"minLength":3,"maxLength":3})",
        R"({"maxLength":1})",
        R"({"minItems":1})",
        R"({"maxItems":2})",
        R"({"minimum":1})",
        R"({"maximum":1.5})",
        R"({"minimum":-1,"maximum":65535})",
        R"({"minimum":-9223372036854775808})",
        R"({"maximum":18446744073709551615})",
        R"({"maximum":9223372036854775807})",
        R"({"items":{"type":"integer"}})",
        R"({"items":{"type":"integer"},"minItems":3})",
        R"({"required":["a"],"properties":{"a":{}}})",
        R"({"properties":{"a":{"type":"string"}}})",
        R"({"properties":{"a":{}},"additionalProperties":false})",
        R"({"additionalProperties":false})",
        R"({"$ref":"#/definitions/n","title":"no effect","default":1,"definitions":{"n":{"type":"integer"}}})",
        R"({"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/c"},"c":{"minLength":2}}})",
        R"({"format":"email","title":"t","examples":[1],"writeOnly":true,"default":1})",
        R"({"type":["string","object"],"minLength":1,"required":["address"],"properties":{"address":{"type":"string"}},"additionalProperties":false})",
        R"({"type":"object","required":["$secret"],"properties":{"$secret":{"type":"string","minLength":1}},"additionalProperties":false})",
    };
    std::vector<Trial> trials;
    for (const char* schema : schemas) trials.push_back({schema, schema_of(schema), oddities()});
    expect_agreement(trials, 0.2);
}

TEST(SchemaAgreement, HoldsForChoices) {
    const json schema = schema_of(R"({"type":"object","x-choice":"kind","oneOf":[
        {"type":"object","required":["kind","host"],"properties":{"kind":{"const":"custom"},"host":{"type":"string"},"port":{"minimum":1}},"additionalProperties":false},
        {"$ref":"#/definitions/preset"}],
        "definitions":{"preset":{"type":"object","required":["kind"],"properties":{"kind":{"const":"preset"},"region":{"enum":["eu","us"]}},"additionalProperties":false}}})");
    std::vector<json> documents = oddities();
    for (const char* text :
         {R"({"kind":"custom","host":"x"})", R"({"kind":"custom"})",
          R"({"kind":"custom","host":"x","region":"eu"})", R"({"kind":"custom","host":"x","port":1})",
          R"({"kind":"custom","host":"x","port":0})", R"({"kind":"preset"})",
          R"({"kind":"preset","region":"eu"})", R"({"kind":"preset","region":"jp"})",
          R"({"kind":"preset","host":"x"})", R"({"kind":"other"})", R"({"kind":1})",
          R"({"kind":null,"host":"x"})", R"({"host":"x"})"}) {
        documents.push_back(json::parse(text));
    }
    expect_agreement({{"choice", schema, documents}}, 0.05);
}

TEST(SchemaAgreement, HoldsForRecursiveSchemas) {
    const json schema =
        schema_of(R"({"$ref":"#/definitions/tree","definitions":{"tree":{"type":"object","required":["leaf"],
        "properties":{"leaf":{"type":"integer"},"children":{"type":"array","items":{"$ref":"#/definitions/tree"}}},"additionalProperties":false}}})");
    std::vector<json> documents = oddities();
    json good{{"leaf", 1}};
    json bad{{"leaf", "x"}};
    for (int i = 0; i < 12; ++i) {
        documents.push_back(good);
        documents.push_back(bad);
        good = {{"leaf", i}, {"children", {good, good}}};
        bad = {{"leaf", i}, {"children", {bad}}};
        if (i == 5) good = {{"leaf", 1}};
    }
    expect_agreement({{"tree", schema, documents}}, 0.1);
}

// ---- the schemas of the repository, with every single member changed
// -------------------------------------------------

/// A document that the schema should accept, with all members of its objects (of the branch `pick` of each
/// choice) but those that hold what they stand in: `open` are the definitions around this one.
json sample(const json& root, const json& written, std::size_t pick, int depth = 0,
            std::set<std::string> open = {}) {
    if (written.contains("$ref")) open.insert(written["$ref"].get<std::string>());
    const auto around = [&](const json& member) {
        return member.contains("$ref") && open.contains(member["$ref"].get<std::string>());
    };
    const json& at = *wfc::schema::resolve(root, written);
    if (at.contains("const")) return at["const"];
    if (at.contains("enum")) return at["enum"][pick % at["enum"].size()];
    if (at.contains("oneOf"))
        return sample(root, at["oneOf"][pick % at["oneOf"].size()], pick, depth + 1, open);
    const std::vector<std::string> types = wfc::schema::types(at);
    const std::string type =
        types.empty() ? (at.contains("properties") ? "object" : "null") : types[pick % types.size()];
    if (type == "string") return std::string(at.value("minLength", std::size_t{1}), '5');
    if (type == "integer" || type == "number") return at.value("minimum", 7);
    if (type == "boolean") return true;
    if (type == "array") {
        json out = json::array();
        if (at.contains("items") && depth < 8 && !around(at["items"]))
            out.push_back(sample(root, at["items"], pick, depth + 1, open));
        return out;
    }
    if (type != "object") return nullptr;
    json out = json::object();
    const json properties = at.value("properties", json::object());
    for (const auto& [name, property] : properties.items()) {
        if (depth < 8 && !around(property)) out[name] = sample(root, property, pick, depth + 1, open);
    }
    return out;
}

/// `whole` with each member in turn replaced by values of every kind, removed, or joined by an unknown one.
void mutate(const json& whole, const json::json_pointer& at, std::vector<json>& out) {
    static const std::vector<json> others{nullptr, true,          -1,  65536.0,        "",
                                          "x",     json::array(), {1}, json::object(), {{"$secret", "x"}}};
    const json& here = whole[at];
    for (const json& other : others) {
        json changed = whole;
        changed[at] = other;
        out.push_back(std::move(changed));
    }
    if (here.is_object()) {
        json changed = whole;
        changed[at]["unknown"] = 1;
        out.push_back(std::move(changed));
        for (const auto& [name, value] : here.items()) {
            json without = whole;
            without[at].erase(name);
            out.push_back(std::move(without));
            mutate(whole, at / name, out);
        }
    } else if (here.is_array() && !here.empty()) {
        mutate(whole, at / 0, out);
    }
}

TEST(SchemaAgreement, HoldsForTheSchemasOfTheRepositoryWithEveryMemberChanged) {
    std::vector<Trial> trials;
    for (const char* directory : {SOURCE_DIR "/manifests", SOURCE_DIR "/examples/minimal-component"}) {
        const wfc::Manifest manifest = wfc::read_manifest(directory);
        std::set<std::string> files{manifest.settings};
        for (const wfc::Operation& operation : manifest.operations)
            files.insert({operation.input, operation.output});
        files.erase("");
        for (const std::string& file : files) {
            Trial trial{manifest.type + " " + file, json::parse(manifest.read(file)), {}};
            for (std::size_t pick = 0; pick < 2; ++pick) {
                mutate(sample(trial.schema, trial.schema, pick), json::json_pointer(), trial.documents);
            }
            trials.push_back(std::move(trial));
        }
    }
    ASSERT_GE(trials.size(), 3u);
    expect_agreement(trials, 0.01);
}

}  // namespace
