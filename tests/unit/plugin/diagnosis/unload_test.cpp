#include <dlfcn.h>
#include <gtest/gtest.h>

namespace {

TEST(DiagnosisInALibrary, IsGoneAfterUnloadingAndWorksAgainAfterLoading) {
    for (int round = 0; round < 3; ++round) {
        void* library = dlopen(UNLOADABLE, RTLD_NOW | RTLD_LOCAL);
        ASSERT_NE(library, nullptr) << dlerror();
        const auto call = reinterpret_cast<int (*)()>(dlsym(library, "diagnose_once"));
        ASSERT_NE(call, nullptr);
        EXPECT_EQ(call(), 1);
        EXPECT_EQ(dlclose(library), 0);
        EXPECT_EQ(dlopen(UNLOADABLE, RTLD_NOW | RTLD_NOLOAD), nullptr) << "the library is still in memory";
    }
}

}  // namespace
