#include "crypto/jwt.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <openssl/err.h>
#include <stdexcept>
#include <unistd.h>

#include "crypto/base64url.hpp"
#include "keys.hpp"
#include "support/scratch.hpp"

namespace mailsend::crypto {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* header = R"({"alg":"RS256","typ":"JWT"})";
constexpr const char* claims = R"({"iss":"x@example.test","exp":1})";

std::string why(const std::function<void()>& action) {
    try {
        action();
    } catch (const std::invalid_argument& refused) {
        EXPECT_EQ(ERR_peek_error(), 0U) << "the error queue was left behind";
        return refused.what();
    }
    return "nothing was refused";
}

std::string why_not_sign(const std::string& key) {
    return why([&] { sign_jwt(JwtAlgorithm::ps256, header, claims, key); });
}

std::string why_not_read(const std::string& pem) {
    return why([&] { read_assertion_certificate(pem); });
}

/// OpenSSL's plain RSA operation on a digest: not the way in which the signature was made.
bool verifies(const test::Key& key, std::string_view jwt, int padding) {
    const std::size_t dot = jwt.rfind('.');
    const std::string signature = base64url_decode(jwt.substr(dot + 1)).value_or("");
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_Digest(jwt.data(), dot, digest, &size, EVP_sha256(), nullptr);
    EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(key.get(), nullptr);
    EVP_PKEY_verify_init(context);
    EVP_PKEY_CTX_set_rsa_padding(context, padding);
    EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
    if (padding == RSA_PKCS1_PSS_PADDING) EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32);
    const bool good = EVP_PKEY_verify(context, reinterpret_cast<const unsigned char*>(signature.data()),
                                      signature.size(), digest, size) == 1;
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return good;
}

class Jwt : public testing::Test {
  protected:
    static const test::Key& key() {
        static const test::Key one = test::rsa_key();
        return one;
    }
};

TEST_F(Jwt, IsSignedAsTheAlgorithmSays) {
    const std::string pem = test::pem_of(key());
    const auto rs256 = sign_jwt(JwtAlgorithm::rs256, header, claims, pem);
    EXPECT_TRUE(verifies(key(), rs256.reveal(), RSA_PKCS1_PADDING));
    EXPECT_FALSE(verifies(key(), rs256.reveal(), RSA_PKCS1_PSS_PADDING));
    const auto ps256 = sign_jwt(JwtAlgorithm::ps256, header, claims, pem);
    EXPECT_TRUE(verifies(key(), ps256.reveal(), RSA_PKCS1_PSS_PADDING));
    EXPECT_FALSE(verifies(key(), ps256.reveal(), RSA_PKCS1_PADDING));
    EXPECT_FALSE(verifies(test::rsa_key(), ps256.reveal(), RSA_PKCS1_PSS_PADDING));
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(Jwt, HoldsTheTextsAsTheyWere) {
    const auto jwt = sign_jwt(JwtAlgorithm::rs256, header, claims, test::pem_of(key()));
    const std::string text(jwt.reveal());
    EXPECT_EQ(text.substr(0, text.rfind('.')), base64url_encode(header) + "." + base64url_encode(claims));
    EXPECT_EQ(jwt_claims(text), claims);
}

TEST_F(Jwt, TakesTheKeyInBothFormsAndAmongOtherBlocks) {
    const std::string certificate = test::certificate_of(key(), "app", 2'000'000'000);
    for (const std::string& pem : {test::traditional_pem_of(key()), certificate + test::pem_of(key()),
                                   "Bag Attributes\n" + test::pem_of(key()) + "and more\n" + certificate}) {
        const auto jwt = sign_jwt(JwtAlgorithm::rs256, header, claims, pem);
        EXPECT_TRUE(verifies(key(), jwt.reveal(), RSA_PKCS1_PADDING));
    }
}

TEST_F(Jwt, IsNotSignedWithAKeyThatIsNoneOrTooWeak) {
    EXPECT_EQ(why_not_sign(""), "holds no private key in PEM form");
    EXPECT_EQ(why_not_sign("hello"), "holds no private key in PEM form");
    EXPECT_EQ(why_not_sign(test::certificate_of(key(), "app", 2'000'000'000)),
              "holds no private key in PEM form");
    EXPECT_THAT(why_not_sign(test::pem_of(test::ec_key())), HasSubstr("is not RSA"));
    EXPECT_THAT(why_not_sign(test::pem_of(test::rsa_key(1024))),
                AllOf(HasSubstr("of 1024 bits"), HasSubstr("2048 bits or more")));
    EXPECT_THAT(why_not_sign(test::pem_of(key()) + test::pem_of(key())),
                HasSubstr("more than one private key"));
    EXPECT_THAT(why_not_sign(std::string((1U << 20U) + 1, 'x')), HasSubstr("larger than 1 MiB"));
}

TEST_F(Jwt, IsNotSignedWithAnEncryptedKeyAndNobodyIsAsked) {
    for (const bool traditional : {false, true}) {
        EXPECT_THAT(why_not_sign(test::encrypted_pem_of(key(), traditional)),
                    AllOf(HasSubstr("encrypted"), HasSubstr("openssl pkey -in")));
    }
}

TEST_F(Jwt, NeverQuotesADamagedKey) {
    const std::string pem = test::pem_of(key());
    const std::string body = pem.substr(100, 20);
    std::string damaged = pem;
    damaged.replace(pem.size() / 2, 8, "!!!!!!!!");
    std::string one_line = pem;
    for (std::size_t at = 0; (at = one_line.find('\n', at)) != one_line.npos;) one_line.replace(at, 1, "\\n");
    for (const auto& [text, words] :
         {std::pair(damaged, "cannot be read"), std::pair(pem.substr(0, pem.size() - 30), "was it cut off?"),
          std::pair(one_line, "real line breaks")}) {
        EXPECT_THAT(why_not_sign(text), AllOf(HasSubstr(words), Not(HasSubstr(body))));
    }
}

TEST_F(Jwt, ShowsItsClaimsWithoutACheck) {
    const auto token = [](const std::string& first, const std::string& second, const std::string& third) {
        return base64url_encode(first) + "." + base64url_encode(second) + "." + third;
    };
    EXPECT_EQ(jwt_claims(token(header, claims, "c2ln")), claims);
    EXPECT_EQ(jwt_claims(token(header, claims, "")), claims);
    for (const std::string& none :
         {std::string(), std::string("ya29.a0AfB_byC"), std::string("opaque"), std::string("a.b.c"),
          std::string(".."), token(header, claims, "c2ln") + ".x", token("hello", claims, "c2ln"),
          token(header, "[1]", "c2ln"), token(header, claims, "c2 ln"), token(header, claims, "c2ln="),
          base64url_encode(header) + "." + base64url_encode(claims)}) {
        EXPECT_EQ(jwt_claims(none), std::nullopt) << none;
    }
}

TEST_F(Jwt, IsNoneBeyond64KiB) {
    const auto of_size = [](std::size_t filler) {
        return base64url_encode(header) + "." + base64url_encode("{" + std::string(filler, ' ') + "}") +
               ".c2ln";
    };
    EXPECT_TRUE(jwt_claims(of_size(48'000)));
    EXPECT_FALSE(jwt_claims(of_size(50'000)));
}

TEST_F(Jwt, NamesItsCertificateAsOpensslPrintsIt) {
    const std::string certificate = test::certificate_of(key(), "app", 2'000'000'000);
    const std::string stranger = test::certificate_of(test::rsa_key(), "other", 1'900'000'000);
    const wfc::test::Scratch scratch;
    const std::string file = scratch.write("certificate.pem", certificate).string();
    std::string printed(256, '\0');
    FILE* const pipe = ::popen(("openssl x509 -noout -fingerprint -sha256 -in " + file).c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    printed.resize(std::fread(printed.data(), 1, printed.size(), pipe));
    EXPECT_EQ(::pclose(pipe), 0);
    std::string bytes;
    const std::string hex = printed.substr(printed.find('=') + 1);
    for (std::size_t i = 0; i + 1 < hex.size(); i += 3) {
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    ASSERT_EQ(bytes.size(), 32U);
    for (const std::string& pem : {certificate + test::pem_of(key()), test::pem_of(key()) + certificate,
                                   stranger + certificate + test::pem_of(key())}) {
        const AssertionCertificate found = read_assertion_certificate(pem);
        EXPECT_EQ(found.x5t_s256, base64url_encode(bytes));
        EXPECT_EQ(found.not_after_unix, 2'000'000'000);
    }
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(Jwt, NeedsACertificateThatBelongsToItsKey) {
    const std::string certificate = test::certificate_of(key(), "app", 2'000'000'000);
    EXPECT_THAT(why_not_read("hello"), HasSubstr("is not PEM text"));
    EXPECT_THAT(why_not_read(certificate), HasSubstr("holds no private key"));
    EXPECT_THAT(why_not_read(test::pem_of(key())), HasSubstr("but no certificate"));
    EXPECT_THAT(why_not_read(certificate + test::pem_of(test::rsa_key())), HasSubstr("does not belong"));
    EXPECT_THAT(why_not_read(certificate + test::encrypted_pem_of(key(), false)), HasSubstr("encrypted"));
    const test::Key ec = test::ec_key();
    EXPECT_THAT(why_not_read(test::certificate_of(ec, "app", 2'000'000'000) + test::pem_of(ec)),
                HasSubstr("is not RSA"));
    const test::Key small = test::rsa_key(1024);
    EXPECT_THAT(why_not_read(test::certificate_of(small, "app", 2'000'000'000) + test::pem_of(small)),
                HasSubstr("1024 bits"));
}

}  // namespace
}  // namespace mailsend::crypto
