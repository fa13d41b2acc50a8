#include "outcome/address_mask.hpp"

#include <gtest/gtest.h>

#include "outcome/masking.hpp"

namespace mailsend {
namespace {

TEST(AnAddressMask, HidesWhoButNotWhere) {
    const AddressMask mask({});
    EXPECT_EQ(mask.applied("550 5.1.1 <bob@example.test>: Recipient address rejected: User unknown"),
              "550 5.1.1 <****@example.test>: Recipient address rejected: User unknown");
    EXPECT_EQ(mask.applied("bob.smith+x@a.test,carol@b.test"), "****@a.test,****@b.test");
    EXPECT_EQ(mask.applied("\"bob smith\"@example.test refused"), "****@example.test refused");
    EXPECT_EQ(mask.applied("see https://example.test/?who=bob%40b.test."),
              "see https://example.test/?who=****%40b.test.");
    EXPECT_EQ(mask.applied("b\xC3\xB6rg@m\xC3\xBC.test"), "****@m\xC3\xBC.test");
    EXPECT_EQ(mask.applied("dave\\u0040b.test, dave&#64;b.test, dave=40b.test"),
              "****\\u0040b.test, ****&#64;b.test, ****=40b.test");
    EXPECT_EQ(mask.applied("bob@[192.0.2.1]: no"), "****@[192.0.2.1]: no");
}

TEST(AnAddressMask, LeavesTheAccountsOwnAddresses) {
    const AddressMask mask({"Alice@Example.test"});
    EXPECT_EQ(mask.applied("alice@example.TEST may not send as bob@example.test"),
              "alice@example.TEST may not send as ****@example.test");
}

TEST(AnAddressMask, LeavesWhatIsNoAddress) {
    const AddressMask mask({});
    for (const char* text : {"", "@", "a @ b", "@example.test", "bob@", "4.7.0 Temporary System Problem",
                             "MAIL SIZE=40960", "x=40.5", "\"@x"}) {
        EXPECT_EQ(mask.applied(text), text);
    }
}

TEST(AnAddressMask, ReachesAllThatFactsSay) {
    Facts cause;
    cause.sentence = "no token for carol@example.test";
    Facts facts;
    facts.reply = Reply{550, {"550-no bob@example.test", "550 AUTH PLAIN AGFsaWNlAHNlY3JldA=="}};
    facts.sentence = "bob@example.test refused";
    facts.details["names"] = "dave@example.test";
    facts.cause = std::make_shared<const Facts>(cause);
    const AddressMask mask({});
    const Facts shown = masked(facts, &mask);
    EXPECT_EQ(shown.reply->lines,
              (std::vector<std::string>{"550-no ****@example.test", "550 AUTH PLAIN ****"}));
    EXPECT_EQ(shown.sentence, "****@example.test refused");
    EXPECT_EQ(shown.details.at("names"), "****@example.test");
    EXPECT_EQ(shown.cause->sentence, "no token for ****@example.test");
    EXPECT_EQ(masked(facts, nullptr).reply->lines.front(), "550-no bob@example.test");
}

}  // namespace
}  // namespace mailsend
