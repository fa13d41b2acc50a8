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
    EXPECT_EQ(mask.text("token_type 0123456789ab, not"), "token_type [secret], not");
    SupportMask key = mask_of("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END KEY-----\n");
    EXPECT_EQ(key.text("-----BEGIN KEY----- MIIEvQIBADANBgkqhkiG"), "-----BEGIN KEY----- [secret]");
}

TEST(SupportMask, FindsAShortSecretAsAWholeTextOnly) {
    SupportMask mask = mask_of("abc");
    EXPECT_EQ(mask.text("abc, abcd, (abc)"), "abc, abcd, (abc)");
    EXPECT_EQ(mask.text("abc"), "[secret]");
}

TEST(SupportMask, FindsPiecesOfASecret) {
    SupportMask mask = mask_of("C4nary-pa55word+7f3e");
    for (const char* text :
         {"C4nary -pa55word+7f3e", "C4nary\r\n535 5.7.8 -pa55w\r\n535 5.7.8 ord+7f\r\n535 5.7.8 3e",
          "it is nary-pa55word, cut", "c4NARY-PA55WORD+7F3E", "C4nary-pa55&#119;ord&#x2b;7f3e",
          "43 34 6E 61 72 79 2d 70 61 35 35 77 6F 72 64", "43:34:6e:61:72:79:2D:70:61:35:35",
          "QzRuYXJ5LXBhNTV3\r\nb3JkKzdmM2U=", "535 5.7.8 QzRuYXJ\n535 5.7.8 5LXBhNT\n535 5.7.8 V3b3Jk",
          "Y2xpZW50OkM0bmFyeS1wYTU1d29yZCs3ZjNl", "QwA0AG4AYQByAHkALQBwAGEANQA1AHcAbwByAGQA",
          "C4nary-pa55=\r\nword=2B7f3e"}) {
        const std::string masked = mask.text(text);
        EXPECT_THAT(masked, HasSubstr("[secret]")) << text;
        for (const char* left : {"pa55", "PA55", "LXBh", "2d 70", "2D:70", "ord", "AHcA"})
            EXPECT_THAT(masked, Not(HasSubstr(left))) << text;
    }
    EXPECT_THAT(mask.text(std::string("C\0"
                                      "4\0n\0a\0r\0y\0-\0p\0",
                                      16)),
                HasSubstr("[secret]"));
    SupportMask blank = mask_of("C4nary pa55/w0rd");
    EXPECT_EQ(blank.text("p=C4nary+pa55%2Fw0rd"), "p=[secret]");
}

TEST(SupportMask, FindsASecretThatGoesOverSeveralLines) {
    const SupportMask mask = mask_of("C4nary-pa55word+7f3e");
    EXPECT_EQ(mask.joined({"250 ok", "535-5.7.8 C4nary", "535-5.7.8 -pa55w", "535 5.7.8 ord+7f", "221 bye"}),
              (std::vector<bool>{false, true, true, true, false}));
}

TEST(SupportMask, DoesNotTellThatAPublicWordIsASecret) {
    SupportMask mask({{}, {}});
    mask.public_name("password");
    mask.public_value("send");
    for (const char* secret : {"password", "send", "1", "password1"}) mask.secret(secret);
    nlohmann::ordered_json document = {
        {"password", 1}, {"operation", "send"}, {"text", "the password is 1"}, {"value", "password"}};
    mask.document(document);
    EXPECT_EQ(document.dump(),
              R"({"password":1,"operation":"send","text":"the password is 1","value":"[secret]"})");
}

TEST(SupportMask, FindsContentThatIsRepeated) {
    SupportMask mask = mask_of();
    mask.content({{"subject", "Quarterly figures, confidential"},
                  {"text", "Dear Bob,\r\nwe have lost it all.\n"},
                  {"to", {"Robert Roe <bob@example.test>", "alice@example.test"}}});
    EXPECT_EQ(
        mask.text("spam: 'Quarterly figures, conf', 'we have lost it all.' of Robert Roe bob@example.test"),
        "spam: '[content]', '[content]' of [content] person-1@example.test");
    EXPECT_EQ(mask.text("alice@example.test"), "person-2@example.test");
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
