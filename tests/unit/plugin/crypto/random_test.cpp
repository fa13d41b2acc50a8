#include "crypto/random.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <set>

#include "crypto/base64url.hpp"

namespace mailsend::crypto {
namespace {

TEST(RandomToken, IsAsLongAsAskedAndNeverTheSame) {
    EXPECT_EQ(random_token(32).size(), 43U);
    EXPECT_EQ(random_token(16).size(), 22U);
    EXPECT_EQ(random_token(0), "");
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random_token(16));
    EXPECT_EQ(seen.size(), 1000U);
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(RandomToken, IsBase64urlOfThatManyBytes) {
    for (std::size_t size = 1; size < 40; ++size) {
        const auto bytes = base64url_decode(random_token(size));
        ASSERT_TRUE(bytes);
        EXPECT_EQ(bytes->size(), size);
    }
}

TEST(Equal, ComparesEveryByte) {
    EXPECT_TRUE(equal("", ""));
    EXPECT_TRUE(equal("state", "state"));
    EXPECT_FALSE(equal("state", "statf"));
    EXPECT_FALSE(equal("state", "Xtate"));
    EXPECT_FALSE(equal("state", "stat"));
    EXPECT_FALSE(equal("", "s"));
    EXPECT_FALSE(equal({"a\0b", 3}, {"a\0c", 3}));
}

}  // namespace
}  // namespace mailsend::crypto
