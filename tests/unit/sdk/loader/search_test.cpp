#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "component_directory.hpp"
#include "loader/loader.hpp"

namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wfc::test::ComponentDirectory;
using wfc::test::refusal;

std::string manifest_of(const std::string& type) {
    std::string manifest = WRONG_MANIFEST;
    return manifest.replace(manifest.find("wrong"), 5, type);
}

class SearchPath : public ::testing::Test {
  protected:
    void SetUp() override { unsetenv("WFC_COMPONENTS"); }
    void TearDown() override { unsetenv("WFC_COMPONENTS"); }
    const fs::path beside = fs::read_symlink("/proc/self/exe").parent_path() / "components";
    const fs::path installed =
        fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib/wfc/components";
};

TEST_F(SearchPath, IsTheOptionThenTheVariableThenBesideTheExecutableThenTheInstalledTree) {
    setenv("WFC_COMPONENTS", "/b:/c d", 1);
    EXPECT_THAT(wfc::search_path({"/a"}), ElementsAre("/a", "/b", "/c d", beside, installed));
}

TEST_F(SearchPath, IgnoresEmptyPartsOfTheVariable) {
    setenv("WFC_COMPONENTS", "::/b::", 1);
    EXPECT_THAT(wfc::search_path({}), ElementsAre("/b", beside, installed));
    setenv("WFC_COMPONENTS", "", 1);
    EXPECT_THAT(wfc::search_path({}), ElementsAre(beside, installed));
}

TEST(FindingAComponent, TakesTheFirstOfItsTypeWhateverItsDirectoryIsCalled) {
    const ComponentDirectory one(manifest_of("greet"));
    const ComponentDirectory two(manifest_of("greet"));
    EXPECT_EQ(wfc::find("greet", {"/nowhere", two.parent(), one.parent()}).directory,
              fs::canonical(two.path));
}

TEST(FindingAComponent, TakesAComponentDirectoryItselfToo) {
    const ComponentDirectory one(manifest_of("greet"));
    EXPECT_EQ(wfc::find("greet", {one.path}).type, "greet");
}

TEST(FindingAComponent, SaysWhyItCouldNotLookSomewhere) {
    const ComponentDirectory one(manifest_of("greet"));
    const fs::path loop = one.parent() / "loop";
    fs::create_symlink(loop, loop);
    EXPECT_THAT(refusal([&] { wfc::find("mail-send", {loop}); }),
                HasSubstr("loop (Too many levels of symbolic links)"));
}

TEST(FindingAComponent, SaysWhereItLookedAndWhatIsThere) {
    const ComponentDirectory one(manifest_of("greet"));
    EXPECT_EQ(
        refusal([&] {
            wfc::find("mail-send", {one.parent(), "/nowhere"});
        }),
        "there is no component \"mail-send\" in " + one.parent().string() + ", /nowhere; installed: greet");
    EXPECT_EQ(refusal([&] { wfc::find("mail-send", {}); }),
              "there is no component \"mail-send\" in an empty search path; installed: none");
}

TEST(FindingAComponent, SaysWhatIsWrongWithTheOneOfThatName) {
    const ComponentDirectory broken("{");
    EXPECT_THAT(refusal([&] { wfc::find("component", {broken.parent()}); }), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusal([&] { wfc::find("component", {broken.path / ""}); }), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusal([&] { wfc::find("other", {broken.parent()}); }), EndsWith("installed: none"));
}

TEST(FindingAComponent, IsNotStoppedByABrokenOneOfAnotherName) {
    const ComponentDirectory broken("{");
    const ComponentDirectory one(manifest_of("greet"));
    EXPECT_EQ(wfc::find("greet", {broken.parent(), one.parent()}).type, "greet");
}

TEST(InstalledComponents, AreListedOnceEachWithTheBrokenOnesAside) {
    const ComponentDirectory one(manifest_of("greet"));
    const ComponentDirectory two(manifest_of("greet"));
    const ComponentDirectory three(manifest_of("other"));
    const ComponentDirectory broken("{");
    std::vector<std::string> refused;
    const auto found =
        wfc::installed({one.parent(), broken.parent(), two.parent(), three.parent(), "/nowhere"}, &refused);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].directory, fs::canonical(one.path));
    EXPECT_EQ(found[1].type, "other");
    EXPECT_THAT(refused, ElementsAre(HasSubstr("not valid JSON")));
    EXPECT_THAT(wfc::installed({}), IsEmpty());
}

}  // namespace
