#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component_directory.hpp"
#include "loader/loader.hpp"

namespace {

using wfc::test::ComponentDirectory;
using wfc::test::refusal;

/// A manifest with `member` replaced by `json`.
std::string with(const std::string& member, const std::string& json) {
    std::string manifest = WRONG_MANIFEST;
    const std::size_t at = manifest.find("\"" + member + "\":");
    if (at == std::string::npos) return manifest.insert(1, "\"" + member + "\":" + json + ",");
    std::size_t end = at + member.size() + 3;
    for (int depth = 0; depth > 0 || (manifest[end] != ',' && manifest[end] != '}'); ++end) {
        if (manifest[end] == '{') ++depth;
        if (manifest[end] == '}') --depth;
    }
    return manifest.replace(at, end - at, "\"" + member + "\":" + json);
}

/// Why the library that ends the process when it is mapped was not mapped.
std::string refused_before_loading(const std::string& manifest,
                                   const std::vector<std::string>& offered = {}) {
    const ComponentDirectory directory(manifest, "wrong_exits");
    std::string sentence = refusal([&] { wfc::load(directory.path, offered); });
    EXPECT_NE(sentence, "");
    return sentence;
}

TEST(Negotiation, RefusesAnotherMajorBeforeLoading) {
    EXPECT_EQ(refused_before_loading(with("abi", R"({"major":2,"minor":0})")),
              "wrong needs ABI 2.0, this host offers 1.0");
    EXPECT_EQ(refused_before_loading(with("abi", R"({"major":0,"minor":9})")),
              "wrong needs ABI 0.9, this host offers 1.0");
}

TEST(Negotiation, RefusesANewerMinorBeforeLoading) {
    EXPECT_EQ(refused_before_loading(with("abi", R"({"major":1,"minor":3})")),
              "wrong needs ABI 1.3, this host offers 1.0");
}

TEST(Negotiation, RefusesAMissingRequiredServiceBeforeLoading) {
    const std::string manifest = with("requires", R"(["wfc.clock/1","wfc.secrets/1","wfc.state/2"])");
    EXPECT_EQ(refused_before_loading(manifest, {"wfc.clock/1", "wfc.state/1"}),
              "wrong requires wfc.secrets/1, wfc.state/2, this host offers wfc.clock/1, wfc.state/1");
    EXPECT_EQ(refused_before_loading(manifest),
              "wrong requires wfc.clock/1, wfc.secrets/1, wfc.state/2, this host offers none");
}

TEST(Negotiation, RefusesAnotherPlatformBeforeLoading) {
    EXPECT_EQ(refused_before_loading(with("library", R"({"plan9-mips":"lib.so","vms-vax":"lib.so"})")),
              "wrong is built for plan9-mips, vms-vax, this host is " + std::string(wfc::platform()));
}

TEST(Negotiation, RefusesALibraryOutsideTheDirectoryBeforeLoading) {
    const auto library = [](const std::string& path) {
        const std::string sentence = refused_before_loading(
            with("library", "{\"" + std::string(wfc::platform()) + "\":\"" + path + "\"}"));
        return sentence.substr(sentence.find("component.json: ") + 16);
    };
    const std::string pointer = "/library/" + std::string(wfc::platform());
    EXPECT_EQ(library("../component/lib.so"),
              pointer + " must be a path inside the component's directory, without \"..\"");
    EXPECT_EQ(library("x/../lib.so"),
              pointer + " must be a path inside the component's directory, without \"..\"");
    EXPECT_EQ(library("/lib/libm.so.6"),
              pointer + " must be a path inside the component's directory, not an absolute one");
}

TEST(Negotiation, RefusesALibraryThatASymbolicLinkPutsOutsideTheDirectory) {
    const ComponentDirectory directory;
    const ComponentDirectory elsewhere(WRONG_MANIFEST, "wrong_exits");
    std::filesystem::create_symlink(elsewhere.path / "lib.so", directory.path / "lib.so");
    EXPECT_THAT(refusal([&] { wfc::load(directory.path, {}); }),
                ::testing::EndsWith("leads out of the component's directory through a symbolic link"));
}

TEST(Negotiation, RefusesALinkPlacedAfterTheManifestWasRead) {
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_nothing");
    const ComponentDirectory elsewhere(WRONG_MANIFEST, "wrong_exits");
    const wfc::Manifest manifest = wfc::read_manifest(directory.path);
    std::filesystem::remove(directory.path / "lib.so");
    std::filesystem::create_symlink(elsewhere.path / "lib.so", directory.path / "lib.so");
    EXPECT_THAT(refusal([&] { wfc::load(manifest, {}); }), ::testing::HasSubstr("through a symbolic link"));
}

TEST(Negotiation, RefusesAMissingLibrary) {
    const ComponentDirectory directory;
    EXPECT_THAT(refusal([&] { wfc::load(directory.path, {}); }),
                ::testing::EndsWith("component/lib.so does not exist"));
}

TEST(Negotiation, RefusesAMalformedManifest) {
    EXPECT_THAT(
        refused_before_loading("{\"format\":1,"),
        ::testing::EndsWith("component.json: the manifest is not valid JSON: syntax error at byte 13"));
    EXPECT_THAT(refused_before_loading(""), ::testing::EndsWith("not valid JSON: syntax error at byte 1"));
}

TEST(Negotiation, TakesALinkThatStaysInside) {
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_nothing");
    std::filesystem::rename(directory.path / "lib.so", directory.path / "lib.so.1");
    std::filesystem::create_symlink("lib.so.1", directory.path / "lib.so");
    EXPECT_EQ(refusal([&] { wfc::load(directory.path, {}); }), "");
}

}  // namespace
