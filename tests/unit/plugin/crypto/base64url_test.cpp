#include "crypto/base64url.hpp"

#include <gtest/gtest.h>

namespace mailsend::crypto {
namespace {

TEST(Base64url, EncodesTheExamplesOfRfc7515) {
    // Appendix C, and the header of appendix A.1.
    EXPECT_EQ(base64url_encode("\x03\xec\xff\xe0\xc1"), "A-z_4ME");
    const std::string header = "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}";
    EXPECT_EQ(base64url_encode(header), "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9");
    EXPECT_EQ(base64url_decode("A-z_4ME"), "\x03\xec\xff\xe0\xc1");
    EXPECT_EQ(base64url_decode("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"), header);
}

TEST(Base64url, DecodesWhatItEncodedForEveryLengthAndEveryByte) {
    std::string bytes;
    for (int i = 0; i < 600; ++i) {
        const std::string text = base64url_encode(bytes);
        EXPECT_EQ(text.find_first_of("+/="), text.npos);
        ASSERT_EQ(base64url_decode(text), bytes);
        bytes += static_cast<char>(i * 7 + 3);
    }
}

TEST(Base64url, RefusesPaddingAndWhatIsNotCanonical) {
    for (const char* text :
         {"Z", "Zg==", "Zm8=", "Zh", "Zm9", "Zm9vZ", "Zm+v", "Zm/v", "Zm9v\n", "Zm 9", "="}) {
        EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace mailsend::crypto
