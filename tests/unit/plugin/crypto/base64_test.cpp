#include "crypto/base64.hpp"

#include <gtest/gtest.h>

namespace mailsend::crypto {
namespace {

TEST(Base64, EncodesTheExamplesOfRfc4648) {
    EXPECT_EQ(base64_encode(""), "");
    EXPECT_EQ(base64_encode("f"), "Zg==");
    EXPECT_EQ(base64_encode("fo"), "Zm8=");
    EXPECT_EQ(base64_encode("foo"), "Zm9v");
    EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
    EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
    EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64, DecodesWhatItEncodedForEveryLengthAndEveryByte) {
    std::string bytes;
    for (int i = 0; i < 600; ++i) {
        const std::string text = base64_encode(bytes);
        EXPECT_EQ(text.size(), (bytes.size() + 2) / 3 * 4);
        ASSERT_EQ(base64_decode(text), bytes);
        EXPECT_EQ(base64_encode_secret(bytes).reveal(), text);
        bytes += static_cast<char>(i * 7 + 3);
    }
}

TEST(Base64, RefusesWhatIsNotCanonical) {
    for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==Zg==", "=g==", "Z===", "====",
                             "Zm9v\n", "Zm 9", "Zm9-", "Zm9_", "Zm=v"}) {
        EXPECT_EQ(base64_decode(text), std::nullopt) << text;
    }
}

TEST(Base64, EncodesABlockInPlace) {
    char out[8];
    base64_encode_block("foobar", 6, out);
    EXPECT_EQ(std::string_view(out, sizeof out), "Zm9vYmFy");
}

}  // namespace
}  // namespace mailsend::crypto
