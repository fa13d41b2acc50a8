#include "manifest/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "component_directory.hpp"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using wfc::test::ComponentDirectory;
using wfc::test::refusal;

json whole() {
    return json::parse(R"({"format":1,"type":"mail-send","version":"1.0.0","abi":{"major":1,"minor":0},
      "library":{"linux-x86_64":"lib/libmail.so"},"concurrency":"parallel","idle_ms":30000,
      "requires":["wfc.clock/1"],"optional":["wfc.log/1","wfc.egress/12"],
      "settings":"settings.schema.json","texts":{"en":"text/en.json","ja":"text/ja.json"},"errors":"errors.json","icon":"mail.svg",
      "operations":[
        {"id":"send","kind":"flow","input":"send.json","output":"result.json","ports":["accepted","failed"],"effects":"at-most-once"},
        {"id":"sign-in","kind":"action","when":{"/auth/method":"oauth2"},"view":"account","needs":["wfc.prompt/1"]}]})");
}

/// What follows "component.json: " in the refusal of a changed manifest; "" if it is accepted.
std::string refused(const std::function<void(json&)>& change) {
    json manifest = whole();
    change(manifest);
    const ComponentDirectory directory(manifest.dump());
    const std::string sentence = refusal([&] { wfc::read_manifest(directory.path); });
    const std::size_t at = sentence.find("component.json: ");
    return at == std::string::npos ? sentence : sentence.substr(at + 16);
}

TEST(ReadingAManifest, GivesAllItSays) {
    const std::string raw = whole().dump(3) + "\n\n";
    const ComponentDirectory directory(raw);
    const wfc::Manifest manifest = wfc::read_manifest(directory.path / ".." / "component");
    EXPECT_EQ(manifest.directory, fs::canonical(directory.path));
    EXPECT_EQ(manifest.raw, raw);
    EXPECT_EQ(manifest.type, "mail-send");
    EXPECT_EQ(manifest.version, "1.0.0");
    EXPECT_EQ(manifest.abi_major, 1u);
    EXPECT_EQ(manifest.abi_minor, 0u);
    EXPECT_EQ(manifest.library.at("linux-x86_64"), "lib/libmail.so");
    EXPECT_TRUE(manifest.parallel);
    EXPECT_EQ(manifest.idle_ms, 30000u);
    EXPECT_THAT(manifest.required, ElementsAre("wfc.clock/1"));
    EXPECT_THAT(manifest.optional, ElementsAre("wfc.log/1", "wfc.egress/12"));
    EXPECT_EQ(manifest.settings, "settings.schema.json");
    EXPECT_EQ(manifest.texts.at("ja"), "text/ja.json");
    EXPECT_EQ(manifest.errors, "errors.json");
    EXPECT_EQ(manifest.icon, "mail.svg");
    ASSERT_EQ(manifest.operations.size(), 2u);
    EXPECT_EQ(manifest.operations[0].kind, "flow");
    EXPECT_EQ(manifest.operations[0].input, "send.json");
    EXPECT_EQ(manifest.operations[0].output, "result.json");
    EXPECT_THAT(manifest.operations[0].ports, ElementsAre("accepted", "failed"));
    EXPECT_EQ(manifest.operations[0].effects, "at-most-once");
    ASSERT_NE(manifest.operation("sign-in"), nullptr);
    EXPECT_EQ(manifest.operation("sign-in")->view, "account");
    EXPECT_EQ(manifest.operation("sign-in")->when.at("/auth/method"), "oauth2");
    EXPECT_THAT(manifest.operation("sign-in")->needs, ElementsAre("wfc.prompt/1"));
    EXPECT_FALSE(manifest.operation("sign-in")->settings_optional);
    EXPECT_EQ(manifest.operation("sign"), nullptr);
}

TEST(ReadingAManifest, NeedsOnlyTheEssentials) {
    for (const char* optional :
         {"concurrency", "idle_ms", "requires", "optional", "settings", "texts", "errors", "icon"}) {
        EXPECT_EQ(refused([&](json& m) { m.erase(optional); }), "") << optional;
    }
    for (const char* essential : {"format", "type", "version", "abi", "library", "operations"}) {
        EXPECT_EQ(refused([&](json& m) { m.erase(essential); }),
                  "/" + std::string(essential) + " is missing");
    }
}

TEST(ReadingAManifest, RefusesUnknownMembersWithTheNearestKnownOne) {
    EXPECT_EQ(refused([](json& m) { m["librery"] = 1; }),
              R"(/librery is not a known member; did you mean "library"?)");
    EXPECT_EQ(refused([](json& m) { m["abi"]["micro"] = 1; }),
              "/abi/micro is not a known member; did you mean \"minor\"?");
    EXPECT_EQ(refused([](json& m) { m["operations"][1]["veiw"] = "x"; }),
              R"(/operations/1/veiw is not a known member; did you mean "view"?)");
}

TEST(ReadingAManifest, KnowsTheViewsOfPanelsAndNoOthers) {
    for (const char* view : {"report", "message", "account", "text"})
        EXPECT_EQ(refused([&](json& m) { m["operations"][1]["view"] = view; }), "") << view;
    EXPECT_EQ(refused([](json& m) { m["operations"][1]["view"] = "film"; }),
              R"(/operations/1/view must be one of "report" "message" "account" "text")");
}

TEST(ReadingAManifest, ComparesTheAbiBeforeItLooksForMembersItDoesNotKnow) {
    EXPECT_EQ(refused([](json& m) {
                  m["abi"] = {{"major", 2}, {"minor", 0}, {"patch", 1}};
                  m["sandbox"] = true;
              }),
              "mail-send needs ABI 2.0, this host offers 1.0");
    EXPECT_EQ(refused([](json& m) {
                  m["abi"]["minor"] = 1;
                  m["operations"][0]["stream"] = true;
                  m["format"] = 2;
              }),
              "mail-send needs ABI 1.1, this host offers 1.0");
    EXPECT_THAT(refused([](json& m) {
                    m["abi"]["major"] = 4'000'000'000'000;
                    m["type"] = 7;
                }),
                HasSubstr(" needs ABI 4000000000000.0, this host offers 1.0"));
}

TEST(ReadingAManifest, RefusesWrongValues) {
    EXPECT_EQ(refused([](json& m) { m["format"] = 2; }), "/format must be 1");
    EXPECT_EQ(refused([](json& m) { m["type"] = "Mail Send"; }),
              "/type must be lower-case letters, digits and hyphens, at most 64");
    EXPECT_EQ(refused([](json& m) { m["version"] = ""; }), "/version must be 1 to 64 bytes long");
    EXPECT_EQ(refused([](json& m) { m["abi"] = "1.0"; }), "/abi must be an object, not a string");
    EXPECT_EQ(refused([](json& m) { m["abi"].erase("minor"); }), "/abi/minor is missing");
    EXPECT_EQ(refused([](json& m) { m["abi"]["major"] = -1; }),
              "/abi/major must be a whole number from 0 to 1000000");
    EXPECT_EQ(refused([](json& m) { m["abi"]["major"] = 1.5; }),
              "/abi/major must be a whole number from 0 to 1000000");
    EXPECT_EQ(refused([](json& m) { m["idle_ms"] = 90'000'000; }),
              "/idle_ms must be a whole number from 0 to 86400000");
    EXPECT_EQ(refused([](json& m) { m["concurrency"] = "paralel"; }),
              R"(/concurrency must be one of "parallel" "serial"; did you mean "parallel"?)");
    EXPECT_EQ(refused([](json& m) { m["library"] = json::object(); }),
              "/library must name the library of one platform at least");
    EXPECT_EQ(refused([](json& m) { m["texts"].erase("en"); }), R"(/texts must have "en")");
    EXPECT_EQ(refused([](json& m) { m["requires"] = "wfc.log/1"; }),
              "/requires must be a list, not a string");
    EXPECT_EQ(refused([](json& m) {
                  m["requires"] = {"wfc.log/1", "wfc.log/1"};
              }),
              R"(/requires names "wfc.log/1" twice)");
    for (const char* id : {"wfc.log", "wfc.log/", "/1", "wfc..log/1", "wfc.log/x", "wfc.log/12345",
                           "wfc log/1", ".log/1", "wfc./1", ""}) {
        EXPECT_EQ(refused([&](json& m) { m["requires"] = {id}; }),
                  R"(/requires must be a list of service ids such as "wfc.clock/1")");
    }
    EXPECT_EQ(refused([](json& m) { m["operations"] = json::array(); }),
              "/operations must be a list of 1 to 256 operations");
    EXPECT_EQ(refused([](json& m) { m["operations"][1]["id"] = "send"; }),
              "/operations/1/id is the id of an operation before it");
    EXPECT_EQ(refused([](json& m) { m["operations"][0]["kind"] = "flaw"; }),
              R"(/operations/0/kind must be one of "flow" "action"; did you mean "flow"?)");
    EXPECT_EQ(refused([](json& m) { m["operations"][0].erase("kind"); }), "/operations/0/kind is missing");
    EXPECT_EQ(refused([](json& m) { m["operations"][0]["ports"] = {1}; }),
              "/operations/0/ports must be a list of words");
    EXPECT_EQ(refused([](json& m) {
                  m["operations"][1]["when"] = {{"auth", "x"}};
              }),
              R"(/operations/1/when must name members of the settings, as "/a/b")");
    EXPECT_EQ(refused([](json& m) { m["operations"][1]["settings"] = "never"; }),
              R"(/operations/1/settings must be one of "required" "optional")");
    EXPECT_EQ(refused([](json& m) { m["operations"][1]["settings"] = "optional"; }),
              R"(/operations/1/settings cannot be optional where "when" names some of them)");
    EXPECT_EQ(refused([](json& m) {
                  m["operations"][1]["when"] = {{"/auth", 1}};
              }),
              "/operations/1/when/~1auth must be a string, not a number");
}

TEST(ReadingAManifest, KeepsEveryPathInsideTheDirectory) {
    const std::function<void(json&, const std::string&)> places[] = {
        [](json& m, const std::string& path) { m["settings"] = path; },
        [](json& m, const std::string& path) { m["library"]["linux-x86_64"] = path; },
        [](json& m, const std::string& path) { m["texts"]["ja"] = path; },
        [](json& m, const std::string& path) { m["errors"] = path; },
        [](json& m, const std::string& path) { m["icon"] = path; },
        [](json& m, const std::string& path) { m["operations"][0]["input"] = path; },
        [](json& m, const std::string& path) { m["operations"][0]["output"] = path; }};
    for (const auto& place : places) {
        for (const std::string path : {"/etc/passwd", "../x", "a/../../x", "a/..", "..", ""}) {
            EXPECT_NE(refused([&](json& m) { place(m, path); }), "") << path;
        }
        EXPECT_THAT(refused([&](json& m) { place(m, std::string("a\0b", 3)); }), EndsWith("holds a NUL"));
        EXPECT_THAT(refused([&](json& m) { place(m, std::string(256, 'x')); }),
                    EndsWith("is longer than 255 bytes"));
        EXPECT_EQ(refused([&](json& m) { place(m, "a/b..c/d"); }), "");
    }
}

TEST(ReadingAManifest, KeepsEveryPathInsideTheDirectoryThroughLinksToo) {
    const ComponentDirectory directory(whole().dump());
    fs::create_directory_symlink("/etc", directory.path / "text");
    EXPECT_THAT(refusal([&] { wfc::read_manifest(directory.path); }),
                EndsWith("/texts/en leads out of the component's directory through a symbolic link"));
}

TEST(ReadingAManifest, RefusesAManifestThatIsALinkOut) {
    const ComponentDirectory directory(whole().dump());
    const ComponentDirectory other(whole().dump());
    fs::remove(directory.path / "component.json");
    fs::create_symlink(other.path / "component.json", directory.path / "component.json");
    EXPECT_THAT(refusal([&] { wfc::read_manifest(directory.path); }), HasSubstr("through a symbolic link"));
}

TEST(ReadingAManifest, IsBounded) {
    EXPECT_THAT(refused([](json& m) { m["version"] = std::string(300'000, 'x'); }),
                EndsWith("is larger than the 262144 bytes allowed"));
    const ComponentDirectory deep(std::string(10'000, '['));
    EXPECT_THAT(refusal([&] { wfc::read_manifest(deep.path); }),
                EndsWith("the manifest nests deeper than 16 levels"));
}

TEST(ReadingAManifest, SaysWhatIsNotThere) {
    EXPECT_EQ(refusal([] { wfc::read_manifest("/nowhere/at/all"); }),
              "there is no component directory /nowhere/at/all");
    const ComponentDirectory directory("{}");
    fs::remove(directory.path / "component.json");
    EXPECT_THAT(refusal([&] { wfc::read_manifest(directory.path); }),
                EndsWith("component.json does not exist"));
    fs::create_directory(directory.path / "component.json");
    EXPECT_THAT(refusal([&] { wfc::read_manifest(directory.path); }),
                EndsWith("component.json is not a regular file"));
}

TEST(FilesOfAManifest, AreReadWithABound) {
    const ComponentDirectory directory(whole().dump());
    directory.write("settings.schema.json", std::string(1000, 'x'));
    const wfc::Manifest manifest = wfc::read_manifest(directory.path);
    EXPECT_EQ(manifest.read(manifest.settings).size(), 1000u);
    EXPECT_THAT(refusal([&] { manifest.read(manifest.settings, 999); }),
                EndsWith("is larger than the 999 bytes allowed"));
    EXPECT_THAT(refusal([&] { manifest.read(manifest.icon); }), EndsWith("mail.svg does not exist"));
    EXPECT_THAT(refusal([&] { manifest.read("../x"); }), HasSubstr("without \"..\""));
}

}  // namespace
