#include "host/support_mask.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace wfc {
namespace {

using testing::HasSubstr;
using testing::Not;

SupportMask mask_of(const char* secret = nullptr) {
    SupportMask mask({{"workbench"}, {"/srv/alice"}});
    if (secret != nullptr) mask.secret(secret);
    return mask;
}

TEST(SupportMask, GivesTheSameAddressTheSameNumberInEveryForm) {
    SupportMask mask = mask_of();
    EXPECT_EQ(mask.text("from <alice@example.test> to bob@Example.Test"),
              "from <person-1@example.test> to person-2@Example.Test");
    EXPECT_EQ(mask.text("alice@EXAMPLE.test, alice%40example.test, alice=40example.test"),
              "person-1@EXAMPLE.test, person-1%40example.test, person-1=40example.test");
    EXPECT_EQ(mask.text(R"({"who":"bob\u0040example.test"})"), R"({"who":"person-2\u0040example.test"})");
    EXPECT_EQ(mask.text("https://h.test/a?login_hint=alice%40example.test&x=1"),
              "https://h.test/a?login_hint=person-1%40example.test&x=1");
    EXPECT_EQ(mask.text("http://h.test:8080/a?b=1&user=alice%40example.test"),
              "http://h.test:8080/a?b=1&user=person-1%40example.test");
    EXPECT_EQ(mask.text("user=alice@example.test"), "user=person-1@example.test");
    EXPECT_EQ(mask.text("宛先はbob@example.testです"), "宛先はperson-2@example.testです");
}

TEST(SupportMask, FindsUnusualAddressesWhole) {
    SupportMask mask = mask_of();
    EXPECT_EQ(mask.text("\"alice smith\"@example.test"), "person-1@example.test");
    EXPECT_EQ(mask.text("アリス@例え.テスト"), "person-2@例え.テスト");
    EXPECT_EQ(mask.text("alice@[192.0.2.1]."), "person-3@[192.0.2.1].");
    EXPECT_EQ(mask.text("returned+bob=example.org@lists.test"), "person-4@lists.test");
    EXPECT_EQ(mask.text("http://alice:w0rd@proxy.test:3128"), "http://person-5@proxy.test:3128");
    EXPECT_EQ(mask.text("a@ @b @ nothing"), "a@ @b @ nothing");
}

TEST(SupportMask, FindsASecretInEveryForm) {
    SupportMask mask = mask_of("pa55 w+rd/7f3e");
    EXPECT_EQ(mask.text("PASS pa55 w+rd/7f3e now"), "PASS [secret] now");
    EXPECT_EQ(mask.text("p=pa55%20w%2Brd%2f7f3e&q=pa55+w%2Brd%2F7f3e"), "p=[secret]&q=[secret]");
    EXPECT_EQ(mask.text(R"(\"pa55 w+rd\/7f3e\")"), R"(\"[secret]\")");
    EXPECT_EQ(mask.text(R"({\"a\":\"{\\\"b\\\":\\\"pa55\\u0020w+rd/7f3e\\\"}\"})"),
              R"({\"a\":\"{\\\"b\\\":\\\"[secret]\\\"}\"})");
    EXPECT_EQ(mask.text("70613535 7061353520772B72642F37663365"), "70613535 [secret]");
    // printf '\0alice\0pa55 w+rd/7f3e' | base64, and with one byte more before it
    EXPECT_EQ(mask.text("AUTH AGFsaWNlAHBhNTUgdytyZC83ZjNl"), "AUTH [secret]");
    EXPECT_EQ(mask.text("AUTH eABhbGljZQBwYTU1IHcrcmQvN2YzZQ== ."), "AUTH [secret] .");
}

TEST(SupportMask, FindsPartsOfASecret) {
    SupportMask mask = mask_of(
        R"({"token_type":"opaque","access":"0123456789abcdef-token","until":"2026-11-23T09:00:00Z"})");
    EXPECT_EQ(mask.text("Bearer 0123456789abcdef-token until 2026-11-23T09:00:00Z"),
              "Bearer [secret] until 2026-11-23T09:00:00Z");
    EXPECT_EQ(mask.text("cut off: 0123456789abcd"), "cut off: [secret]");
    EXPECT_EQ(mask.text("cut off: 0123456789abcd…"), "cut off: [secret]…");
    EXPECT_EQ(mask.text("token_type 0123456789ab, not"), "token_type 0123456789ab, not");
    SupportMask key = mask_of("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END KEY-----\n");
    EXPECT_EQ(key.text("-----BEGIN KEY----- MIIEvQIBADANBgkqhkiG"), "-----BEGIN KEY----- [secret]");
}

TEST(SupportMask, FindsAShortSecretAsAWordOnly) {
    SupportMask mask = mask_of("abc");
    EXPECT_EQ(mask.text("abc, abcd, (abc)"), "[secret], abcd, ([secret])");
}

TEST(SupportMask, LetsASecretOverruleAnAddressWithinIt) {
    SupportMask mask = mask_of("alice@example.test-7f3e");
    EXPECT_EQ(mask.text("is alice@example.test-7f3e?"), "is [secret]?");
}

TEST(SupportMask, HidesMachineAndHome) {
    SupportMask mask = mask_of();
    EXPECT_EQ(mask.text("EHLO WorkBench, workbench.lan, workbenches, my-workbench"),
              "EHLO [host], [host].lan, workbenches, my-workbench");
    EXPECT_EQ(mask.text("/srv/alice/a.pem and /srv/alice2 and x/srv/alice, /srv/alice"),
              "[home]/a.pem and /srv/alice2 and x/srv/alice, [home]");
}

TEST(SupportMask, MasksDocumentsThroughout) {
    SupportMask mask = mask_of("12345678");
    nlohmann::ordered_json document = {{"bob@example.test", {"workbench", {{"pin", 12345678}, {"n", 5}}}},
                                       {"workbench", nullptr}};
    mask.document(document);
    EXPECT_EQ(document.dump(),
              R"({"person-1@example.test":["[host]",{"pin":"[secret]","n":5}],"workbench":null})");
}

TEST(SupportMask, LearnsAddressesFromDocuments) {
    SupportMask mask = mask_of();
    mask.learn({{"to", {"alice@example.test"}}});
    EXPECT_EQ(mask.text("key=alice@example.test"), "key=person-1@example.test");
    EXPECT_EQ(mask.text("key=carol@example.test"), "person-2@example.test");
}

TEST(SupportMask, TakesAnyBytes) {
    SupportMask mask = mask_of("secret-secret");
    for (const char* text :
         {"", "%", "=4", "\\", "\\u12", "\\ud800\\u0041", "@", "\xff@\xff", "%%40", "\"@a", "a@["})
        EXPECT_THAT(mask.text(text), Not(HasSubstr("[secret]"))) << text;
}

}  // namespace
}  // namespace wfc
