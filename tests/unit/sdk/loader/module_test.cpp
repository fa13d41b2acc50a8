#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <pthread.h>
#include <signal.h>

#include "component_directory.hpp"
#include "loader/loader.hpp"

namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using wfc::test::ComponentDirectory;
using wfc::test::refusal;

const wfc_host host{
    sizeof(wfc_host), 0,   nullptr,
    "test",           "1", [](const wfc_host*, const char*) noexcept -> const void* { return nullptr; }};

std::string refused(std::string_view module) {
    const ComponentDirectory directory(WRONG_MANIFEST, module);
    return refusal([&] { wfc::load(directory.path, {}); });
}

std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

bool mapped(const std::filesystem::path& library) {
    void* const handle = dlopen(library.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    if (handle != nullptr) dlclose(handle);
    return handle != nullptr;
}

bool sigpipe_is_blocked() {
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, nullptr, &now);
    return sigismember(&now, SIGPIPE) == 1;
}

TEST(LoadingAModule, RefusesALibraryWithoutTheEntryPoint) {
    EXPECT_THAT(refused("wrong_symbol"), EndsWith("component/lib.so exports no wfc_module_v1"));
}

TEST(LoadingAModule, RefusesANullTable) {
    EXPECT_THAT(refused("wrong_table"), EndsWith("returns no module table from wfc_module_v1"));
}

TEST(LoadingAModule, RefusesATruncatedTable) {
    EXPECT_THAT(refused("wrong_size"), EndsWith("has a module table of 24 bytes, ABI 1.0 has 32"));
}

TEST(LoadingAModule, RefusesATableOfAnotherMajorThanItsManifest) {
    EXPECT_THAT(refused("wrong_major"), EndsWith("was built for ABI 2.0, its manifest says 1.0"));
}

TEST(LoadingAModule, RefusesANullFunction) {
    EXPECT_THAT(refused("wrong_create"), EndsWith("has a module table with a null function"));
    EXPECT_THAT(refused("wrong_manifest_function"), EndsWith("has a module table with a null function"));
}

TEST(LoadingAModule, RefusesAnotherManifestThanTheInstalledOne) {
    EXPECT_THAT(refused("wrong_bytes"),
                EndsWith("carries another manifest than the component.json beside it"));
    const ComponentDirectory reformatted(WRONG_MANIFEST "\n", "wrong_nothing");
    EXPECT_THAT(refusal([&] { wfc::load(reformatted.path, {}); }),
                EndsWith("carries another manifest than the component.json beside it"));
}

TEST(LoadingAModule, RefusesWhatIsNoLibrary) {
    const ComponentDirectory directory;
    directory.write("lib.so", "no library");
    EXPECT_THAT(refusal([&] { wfc::load(directory.path, {}); }), HasSubstr("wrong cannot be loaded: "));
}

TEST(LoadingAModule, RefusesAComponentThatWasNotMade) {
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_nothing");
    const auto module = wfc::load(directory.path, {});
    EXPECT_EQ(refusal([&] { module->create(host); }),
              "the library of wrong did not make the component, status 6");
}

TEST(LoadingAModule, RefusesAComponentWithoutAllItsFunctions) {
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_component");
    const auto module = wfc::load(directory.path, {});
    EXPECT_EQ(refusal([&] { module->create(host); }),
              "the library of wrong made a component whose table is not whole");
}

TEST(LoadingAModule, LeavesNothingMappedWhenItRefuses) {
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_bytes");
    EXPECT_NE(refusal([&] { wfc::load(directory.path, {}); }), "");
    EXPECT_FALSE(mapped(directory.path / "lib.so"));
}

TEST(LoadingAModule, UnmapsItAfterTheLastOwner) {
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_nothing");
    auto first = wfc::load(directory.path, {});
    auto second = first;
    first.reset();
    EXPECT_TRUE(mapped(directory.path / "lib.so"));
    second.reset();
    EXPECT_FALSE(mapped(directory.path / "lib.so"));
}

TEST(LoadingAModule, FiftyTimesLeavesNoDescriptorBehind) {
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_nothing");
    wfc::load(directory.path, {}).reset();
    const std::ptrdiff_t before = open_descriptors();
    for (int i = 0; i < 50; ++i) {
        auto module = wfc::load(directory.path, {});
        ASSERT_NE(module, nullptr);
        module.reset();
        ASSERT_FALSE(mapped(directory.path / "lib.so"));
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(LoadingAModule, KeepsTheSignalMaskThatALibraryWouldChange) {
    ASSERT_FALSE(sigpipe_is_blocked());
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_signal_mask");
    // The library does what it is feared for when nobody looks after the mask.
    void* const plain = dlopen((directory.path / "lib.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(plain, nullptr);
    EXPECT_TRUE(sigpipe_is_blocked());
    dlclose(plain);
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);

    const auto module = wfc::load(directory.path, {});
    EXPECT_FALSE(sigpipe_is_blocked());
}

TEST(LoadingAModule, KeepsSigpipeBlockedWhereTheHostBlockedIt) {
    sigset_t pipe;
    sigset_t before;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    const ComponentDirectory directory(WRONG_MANIFEST, "wrong_nothing");
    wfc::load(directory.path, {});
    EXPECT_TRUE(sigpipe_is_blocked());
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace
