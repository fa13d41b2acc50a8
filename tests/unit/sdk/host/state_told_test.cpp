/// Why the state store cannot be used, for whoever reads the host's log.
#include <fstream>
#include <gmock/gmock.h>
#include <thread>

#include "host/state_troubles.hpp"
#include "raw_database.hpp"
#include "state_trouble.hpp"

namespace wfc {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct StateTold : test::StateTrouble {
    std::vector<std::string> told{};
    StateStore::Tell tell = [this](const std::string& sentence) { told.push_back(sentence); };

    void not_a_store() const { std::ofstream(file) << std::string(5000, 'x'); }
    /// What is said of a file that cannot be opened.
    StateUnusable fault() const {
        try {
            const StateStore store(file, patience);
        } catch (const StateUnusable& unusable) {
            return unusable;
        }
        ADD_FAILURE() << "it can be opened";
        return StateUnusable("");
    }
};

TEST_F(StateTold, ALockIsToldWithTheNameOfTheFile) {
    StateStore store(file, patience);
    StateStore heard = store.with_patience(patience, tell);
    test::RawDatabase raw(file);
    raw.run("BEGIN IMMEDIATE");
    EXPECT_EQ(put(heard, "k"), WFC_UNAVAILABLE);
    EXPECT_THAT(told,
                ElementsAre(AllOf(HasSubstr(file.string()), HasSubstr("is locked by another process"))));
    raw.run("COMMIT");
    EXPECT_EQ(put(heard, "k"), WFC_OK);
    EXPECT_EQ(told.size(), 1u);
}

TEST_F(StateTold, TheSameIsToldOnceWhoeverAsks) {
    StateStore store(file, patience);
    StateStore one = store.with_patience(patience, tell), other = store.with_patience(patience, tell);
    test::RawDatabase raw(file);
    raw.run("BEGIN IMMEDIATE");
    EXPECT_EQ(put(store, "nobody wants to know"), WFC_UNAVAILABLE);
    EXPECT_THAT(told, IsEmpty());
    for (StateStore* each : {&one, &other, &one}) EXPECT_EQ(put(*each, "k"), WFC_UNAVAILABLE);
    EXPECT_EQ(told.size(), 1u);
    raw.run("COMMIT");
}

TEST_F(StateTold, AFileThatIsGoneIsToldWhenReadingAndWhenWriting) {
    StateStore store(file, patience);
    StateStore heard = store.with_patience(patience, tell);
    ASSERT_EQ(put(heard, "k"), WFC_OK);
    std::filesystem::rename(file, file.string() + ".away");
    EXPECT_EQ(get(heard, "k"), WFC_UNAVAILABLE);
    EXPECT_THAT(
        told, ElementsAre(AllOf(HasSubstr(file.string()), HasSubstr("was moved, deleted or written over"))));
    std::filesystem::rename(file.string() + ".away", file);
    EXPECT_EQ(get(heard, "k"), WFC_OK);
    StateStore again(file, patience);
    told.clear();
    StateStore writes = again.with_patience(patience, tell);
    std::filesystem::rename(file, file.string() + ".away");
    EXPECT_EQ(put(writes, "other"), WFC_UNAVAILABLE);
    EXPECT_THAT(told, ElementsAre(HasSubstr("was moved, deleted or written over")));
}

TEST_F(StateTold, ThreadsThatFailTogetherAreToldTheReasonOnceAndEachHasAnAnswer) {
    StateStore store(file, patience);
    std::mutex mutex;
    StateStore heard = store.with_patience(patience, [&](const std::string& sentence) {
        const std::lock_guard lock(mutex);
        told.push_back(sentence);
    });
    test::RawDatabase raw(file);
    raw.run("BEGIN IMMEDIATE");
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] { EXPECT_EQ(put(heard, "k" + std::to_string(i)), WFC_UNAVAILABLE); });
    }
    for (std::thread& thread : threads) thread.join();
    raw.run("COMMIT");
    EXPECT_THAT(told, testing::Contains(HasSubstr("is locked by another process")));
    EXPECT_LE(told.size(), 2u) << "those who came to nobody's turn say so, once";
}

TEST_F(StateTold, WhatIsThrownByWhoHearsOfItChangesNothing) {
    StateStore store(file, patience);
    StateStore heard = store.with_patience(patience, [](const std::string&) { throw std::bad_alloc(); });
    std::filesystem::remove(file);
    EXPECT_EQ(get(heard, "k"), WFC_UNAVAILABLE);
}

TEST_F(StateTold, AFileThatCouldNotBeOpenedAnswersEveryCallAndStaysAsItIs) {
    not_a_store();
    const StateUnusable why = fault();
    StateStore closed(file, patience, why);
    StateStore heard = closed.with_patience(patience, tell);
    expect_unavailable(heard, 1);
    EXPECT_THAT(told, IsEmpty()) << "whoever made it has told";
    EXPECT_EQ(std::filesystem::file_size(file), 5000u);
    std::uint64_t version = 0;
    EXPECT_EQ(heard.put("", "k", "x", 0, 0, version), WFC_INVALID_INPUT);
}

TEST_F(StateTold, AFileThatCouldNotBeOpenedIsAStoreOnceItCan) {
    not_a_store();
    StateStore closed(file, patience, fault(), std::chrono::milliseconds(0));
    StateStore patient(file, patience, fault(), std::chrono::hours(1));
    EXPECT_EQ(put(closed, "k"), WFC_UNAVAILABLE);
    std::filesystem::remove(file);
    EXPECT_EQ(put(patient, "k"), WFC_UNAVAILABLE) << "it looks later";
    EXPECT_EQ(put(closed, "k"), WFC_OK);
    EXPECT_EQ(get(closed, "k"), WFC_OK);
    StateStore other(file);
    EXPECT_EQ(get(other, "k"), WFC_OK);
}

TEST_F(StateTold, WhenItStillCannotBeOpenedTheReasonIsThatOfTheLastTry) {
    not_a_store();
    StateStore closed(file, patience, fault(), std::chrono::milliseconds(0));
    StateStore heard = closed.with_patience(patience, tell);
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    EXPECT_EQ(put(heard, "k"), WFC_UNAVAILABLE);
    EXPECT_THAT(told, ElementsAre(HasSubstr("is no regular file")));
}

TEST(StateTroubles, TellTheSameAgainAfterTenSecondsAndAnotherAtOnce) {
    StateTroubles troubles;
    const StateTroubles::Time start{};
    EXPECT_TRUE(troubles.worth_telling("locked", start));
    EXPECT_FALSE(troubles.worth_telling("locked", start + std::chrono::milliseconds(9'999)));
    EXPECT_TRUE(troubles.worth_telling("full", start + std::chrono::seconds(1)));
    EXPECT_TRUE(troubles.worth_telling("locked", start + std::chrono::seconds(10)));
    EXPECT_FALSE(troubles.worth_telling("locked", start + std::chrono::seconds(19)));
}

}  // namespace
}  // namespace wfc
