/// A state file that is deleted, moved or replaced under a running process: what would be written reaches
/// nobody, and every call says so.
#include <gmock/gmock.h>

#include "state_trouble.hpp"

namespace wfc {
namespace {

using test::StateTrouble;

struct Loss {
    const char* name;
    std::function<void(const std::filesystem::path&)> happens;
};

class LostFile : public StateTrouble, public testing::WithParamInterface<Loss> {};

TEST_P(LostFile, MakesEveryCallUnavailableUntilTheProcessOpensItAgain) {
    {
        StateStore store(file, patience);
        ASSERT_EQ(put(store, "k"), WFC_OK);
        GetParam().happens(file);
        expect_unavailable(store, 1);
    }
}

void replace(const std::filesystem::path& file) {
    const auto other = file.parent_path() / "other.sqlite";
    { StateStore made(other); }
    std::filesystem::rename(other, file);
}

const Loss losses[] = {
    {"Deleted", [](const auto& file) { std::filesystem::remove(file); }},
    {"DeletedWithAllThatBelongsToIt",
     [](const auto& file) {
         for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
     }},
    {"MovedAway", [](const auto& file) { std::filesystem::rename(file, file.string() + ".old"); }},
    {"Replaced", replace},
    {"WithoutItsLog", [](const auto& file) { std::filesystem::remove(file.string() + "-wal"); }},
    {"WithoutItsIndex", [](const auto& file) { std::filesystem::remove(file.string() + "-shm"); }},
    {"WithoutItsFolder",
     [](const auto& file) {
         std::filesystem::rename(file.parent_path(), file.parent_path().string() + ".gone");
         std::filesystem::create_directory(file.parent_path());
         std::filesystem::remove_all(file.parent_path().string() + ".gone");
     }},
};

INSTANTIATE_TEST_SUITE_P(Of, LostFile, testing::ValuesIn(losses),
                         [](const auto& which) { return std::string(which.param.name); });

TEST_F(StateTrouble, AFileThatIsPutBackGoesOn) {
    StateStore store(file, patience);
    ASSERT_EQ(put(store, "k"), WFC_OK);
    std::filesystem::rename(file, scratch / "elsewhere");
    expect_unavailable(store, 1);
    std::filesystem::rename(scratch / "elsewhere", file);
    EXPECT_EQ(get(store, "k"), WFC_OK);
    EXPECT_EQ(put(store, "other"), WFC_OK);
}

TEST_F(StateTrouble, WhoLostTheFileDoesNotTouchTheOneThatLiesThereNow) {
    {
        StateStore lost(file, patience);
        ASSERT_EQ(put(lost, "k"), WFC_OK);
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
        StateStore now(file, patience);
        EXPECT_EQ(put(now, "new"), WFC_OK);
        EXPECT_EQ(put(lost, "late"), WFC_UNAVAILABLE);
        EXPECT_EQ(get(now, "late"), WFC_NOT_FOUND);
        EXPECT_EQ(get(now, "k"), WFC_NOT_FOUND);
    }
    StateStore later(file);
    EXPECT_EQ(get(later, "new"), WFC_OK);
    EXPECT_EQ(get(later, "k"), WFC_NOT_FOUND);
}

}  // namespace
}  // namespace wfc
