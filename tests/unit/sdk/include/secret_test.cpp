#include "wfc/secret.hpp"

#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <new>
#include <string>
#include <vector>

#include "wfc/stream.hpp"

namespace {

/// What stood in each array when it was given back. One thread; only while `watching`.
std::vector<std::string>* watching = nullptr;
std::size_t sizes[64];
void* blocks[64];
std::size_t used = 0;

}  // namespace

// Arrays are watched on their way out: a block that still held the secret was not wiped.
void* operator new[](std::size_t size) {
    void* block = std::malloc(size == 0 ? 1 : size);
    if (block == nullptr) throw std::bad_alloc();
    if (watching != nullptr && used < 64) {
        blocks[used] = block;
        sizes[used++] = size;
    }
    return block;
}
void operator delete[](void* block) noexcept {
    for (std::size_t i = 0; watching != nullptr && i < used; ++i) {
        if (blocks[i] != block) continue;
        blocks[i] = nullptr;
        std::vector<std::string>* const seen = std::exchange(watching, nullptr);
        seen->emplace_back(static_cast<const char*>(block), sizes[i]);
        watching = seen;
    }
    std::free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
    operator delete[](block);
}

namespace {

class SecretStringMemory : public ::testing::Test {
  protected:
    void SetUp() override {
        used = 0;
        watching = &given_back;
    }
    void TearDown() override { watching = nullptr; }
    void stop() { watching = nullptr; }

    /// Every block given back so far holds nothing but zeros in its first `size` bytes.
    bool all_wiped() const {
        for (const std::string& block : given_back) {
            if (block.find_first_not_of('\0') != std::string::npos) return false;
        }
        return true;
    }
    std::vector<std::string> given_back;
};

TEST_F(SecretStringMemory, IsWipedWhenItEnds) {
    { const wfc::SecretString secret("hunter2"); }
    stop();
    ASSERT_EQ(given_back.size(), 1u);
    EXPECT_TRUE(all_wiped());
}

TEST_F(SecretStringMemory, GrowingWipesTheBlockLeftBehind) {
    {
        wfc::SecretString secret("hunter2");
        for (int i = 0; i < 10; ++i) secret.append("and more");
        secret.reserve(4096);
    }
    stop();
    EXPECT_GE(given_back.size(), 4u);
    EXPECT_TRUE(all_wiped());
}

TEST_F(SecretStringMemory, AssigningOverItWipesTheOldValue) {
    wfc::SecretString secret("hunter2");
    secret = wfc::SecretString("other");
    stop();
    ASSERT_EQ(given_back.size(), 1u);
    ASSERT_GE(given_back[0].size(), 7u);
    EXPECT_EQ(given_back[0], std::string(given_back[0].size(), '\0'));
    EXPECT_EQ(secret.reveal(), "other");
}

TEST_F(SecretStringMemory, ClearWipes) {
    wfc::SecretString secret("hunter2");
    secret.clear();
    stop();
    ASSERT_EQ(given_back.size(), 1u);
    EXPECT_TRUE(all_wiped());
    EXPECT_TRUE(secret.empty());
}

TEST_F(SecretStringMemory, ASinkThatReceivesASecretInPiecesLeavesNoPieceBehind) {
    {
        wfc::SecretString secret;
        const wfc_sink sink = wfc::append_to(secret);
        for (const char* piece : {"first piece ", "second piece ", "third, longer than both of the others"}) {
            ASSERT_EQ(sink.write(sink.ctx, wfc::view(piece)), WFC_OK);
        }
    }
    stop();
    EXPECT_GE(given_back.size(), 2u);
    EXPECT_TRUE(all_wiped());
}

TEST(SecretString, MovingLeavesNothingInTheSource) {
    wfc::SecretString from("hunter2");
    wfc::SecretString to(std::move(from));
    EXPECT_EQ(to.reveal(), "hunter2");
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is the question
    EXPECT_EQ(from.reveal(), "");
    from.append("usable again");
    EXPECT_EQ(from.reveal(), "usable again");
}

TEST(SecretString, MovingToItselfKeepsTheValue) {
    wfc::SecretString secret("hunter2");
    wfc::SecretString& same = secret;
    secret = std::move(same);
    EXPECT_EQ(secret.reveal(), "hunter2");
}

TEST(SecretString, CanBeAppendedToItself) {
    wfc::SecretString secret("abcdefgh");
    secret.append(secret.reveal());
    secret.append(secret.reveal());
    EXPECT_EQ(secret.reveal(), "abcdefghabcdefghabcdefghabcdefgh");
}

TEST(SecretString, CopiesOnlyWhenAskedByName) {
    static_assert(!std::is_copy_constructible_v<wfc::SecretString>);
    static_assert(!std::is_copy_assignable_v<wfc::SecretString>);
    static_assert(!std::is_convertible_v<wfc::SecretString, std::string_view>);
    static_assert(!std::is_convertible_v<std::string_view, wfc::SecretString>);
    const wfc::SecretString secret("a\0b");
    EXPECT_EQ(secret.copy().reveal(), secret.reveal());
}

TEST(SecretString, AppendingNothingIsNothing) {
    wfc::SecretString secret;
    secret.append(nullptr, 0);
    EXPECT_TRUE(secret.empty());
    EXPECT_EQ(secret.size(), 0u);
}

}  // namespace
