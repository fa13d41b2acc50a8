#include "panel/panel_table.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "example_component.hpp"

namespace {

using testing::HasSubstr;
using wfc::panel::panel_table;
using wfc::test::ExampleComponent;
using wfc::test::refusal;
using Json = nlohmann::ordered_json;

std::string refusal_of(const ExampleComponent& component, const wfc::panel::Engine& engine = {}) {
    return refusal([&] { panel_table(component.manifest(), engine); });
}

TEST(PanelTable, AComponentWithoutSettingsActionsAndTextsHasAPanel) {
    EXPECT_EQ(panel_table(ExampleComponent().manifest(), {}), Json::parse(R"({"format": 1, "type": "parcel",
        "version": "2.0.0", "node": "parcel", "account": "parcel-account", "languages": ["en"],
        "operation": "post", "ports": ["done", "failed"], "settings": {"groups": [], "fields": []},
        "input": {"groups": [], "fields": []}, "actions": [], "options": {}})"));
}

TEST(PanelTable, ActionsSayWhatTheyNeedAndShow) {
    ExampleComponent component;
    component.input(
        R"({"type": "object", "properties": {"town": {"type": "string"}}, "additionalProperties": false})");
    component.folder.write("own.json", R"({"type": "object", "required": ["town"],
        "properties": {"town": {"type": "string"}}, "additionalProperties": false})");
    component.operation(
        R"({"id": "look", "kind": "action", "input": "post.input.schema.json", "view": "message",
        "effects": "none", "settings": "optional"})");
    component.operation(R"({"id": "ask", "kind": "action", "input": "own.json", "view": "account",
        "needs": ["wfc.prompt/1"], "when": {"/way/kind": "post"}})");
    EXPECT_EQ(panel_table(component.manifest(), {})["actions"], Json::parse(R"([
        {"id": "look", "view": "message", "effects": "none", "prompts": false, "settings": "optional",
         "input": "operation", "fields": []},
        {"id": "ask", "view": "account", "effects": "unknown", "prompts": true, "settings": "required",
         "shown": {"way_kind": ["post"]}, "input": "own",
         "fields": [{"name": "town", "pointer": "/town", "kind": "text", "required": true}]}])"));
}

TEST(PanelTable, ChoicesOfEveryFileThatAFieldNamesAreThere) {
    ExampleComponent component;
    component.settings(
        R"({"type": "object", "properties": {"shop": {"type": "string", "x-options": "shops.json"}},
        "additionalProperties": false})");
    component.folder.write("shops.json", R"({"rows": [{"id": "a"}]})");
    EXPECT_EQ(panel_table(component.manifest(), {})["options"],
              Json::parse(R"({"shops.json": {"offers": [], "choices": [{"id": "a"}]}})"));
}

TEST(PanelTable, ANodeIsMadeOfTheFirstFlowOperation) {
    ExampleComponent two;
    const Json one_alone = panel_table(two.manifest(), {});
    two.operation(R"({"id": "fetch", "kind": "flow", "ports": ["done"]})");
    EXPECT_EQ(panel_table(two.manifest(), {}), one_alone);
    ExampleComponent none;
    none.json["operations"] = Json::parse(R"([{"id": "ask", "kind": "action"}])");
    EXPECT_EQ(refusal_of(none),
              "parcel has no operation of the kind \"flow\", of which a node could be made");
    ExampleComponent portless;
    portless.json["operations"][0].erase("ports");
    EXPECT_EQ(refusal_of(portless), "parcel's operation post has no ports, which a node needs");
}

TEST(PanelTable, NamesThatTheEngineNeedsAreRefused) {
    ExampleComponent component;
    component.input(
        R"({"type": "object", "properties": {"to": {"type": "string"}, "to_type": {"type": "string"}},
        "additionalProperties": false})");
    EXPECT_THAT(refusal_of(component), HasSubstr("input: the field \"to_type\" has the name"));
    EXPECT_EQ(refusal_of(ExampleComponent(), {{"id"}, {}, {}, {"id"}}),
              "the option \"id\" has a name that the engine uses itself");
    ExampleComponent town;
    town.input(
        R"({"type": "object", "properties": {"town": {"type": "string"}}, "additionalProperties": false})");
    for (const char* flag : {"town", "town_type"}) {
        EXPECT_EQ(
            refusal_of(town, {{}, {}, {}, {flag}}),
            "the option \"" + std::string(flag) + "\" has a name that the field \"town\" of the input needs");
    }
}

constexpr const char* keyed = R"({"type": "object", "properties": {"key": {"$ref": "#/definitions/secret",
    "x-secret": true, "writeOnly": true}}, "additionalProperties": false, "definitions": {"secret": {"type": "object",
    "properties": {"$secret": {"type": "string"}}, "additionalProperties": false}}})";

TEST(PanelTable, OnlySettingsHoldSecrets) {
    ExampleComponent flow;
    flow.input(keyed);
    EXPECT_EQ(refusal_of(flow), "input /key: only settings can hold secrets; move it there");
    ExampleComponent action;
    action.folder.write("own.json", keyed);
    action.operation(R"({"id": "look", "kind": "action", "input": "own.json"})");
    EXPECT_EQ(refusal_of(action), "look /key: only settings can hold secrets; move it there");
    ExampleComponent settings;
    settings.settings(keyed);
    EXPECT_EQ(refusal_of(settings), "");
}

TEST(PanelTable, NothingIsCalledLikeAMemberOfEveryObject) {
    ExampleComponent component;
    const char* const schema =
        R"({"type": "object", "properties": {"toString": {"type": "string"}}, "additionalProperties": false})";
    component.settings(schema);
    component.folder.write("own.json", schema);
    component.operation(R"({"id": "look-up", "kind": "action", "input": "own.json"})");
    wfc::panel::Engine engine;
    engine.never = {"toString"};
    const Json found = panel_table(component.manifest(), engine);
    EXPECT_EQ(found["settings"]["fields"][0]["name"], "settings_toString");
    EXPECT_EQ(found["actions"][0]["fields"][0]["name"], "look_up_toString");
}

TEST(PanelTable, ASchemaWithAFaultIsRefused) {
    ExampleComponent component;
    component.settings(R"({"type": "object", "properties": {"a": {"type": "string"}}})");
    EXPECT_EQ(refusal_of(component),
              "parcel's settings.schema.json:  must be closed with \"additionalProperties\": false");
}

}  // namespace
