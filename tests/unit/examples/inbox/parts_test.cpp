#include <gtest/gtest.h>

#include "inbox/dots.hpp"
#include "inbox/offers.hpp"
#include "inbox/path.hpp"

namespace inbox {
namespace {

std::string unstuffed(std::string_view bytes, std::size_t piece, bool* done = nullptr) {
    Dots dots;
    std::string out;
    while (!bytes.empty() && !dots.done()) {
        const std::size_t used = dots.feed(bytes.substr(0, piece), out);
        bytes.remove_prefix(used);
    }
    if (done != nullptr) *done = dots.done();
    return out;
}

TEST(Dots, TakesStuffedDotsOutInPiecesOfAnySize) {
    const std::string wire = "..first\r\nmiddle . dot\r\n...\r\n..\r\nlast\r\n.\r\n";
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        bool done = false;
        EXPECT_EQ(unstuffed(wire, piece, &done), ".first\r\nmiddle . dot\r\n..\r\n.\r\nlast\r\n");
        EXPECT_TRUE(done);
    }
}

TEST(Dots, EndOnlyWithTheirOwnLineEnds) {
    for (const char* data :
         {"a\n.\nb\r\n.\n", "a\r\n.\nb", "a\n.\r\nb", "a\r.\r\nb", "a\r\n.\r.\r\n", "a\r\n. \r\n"}) {
        bool done = true;
        unstuffed(data, 3, &done);
        EXPECT_FALSE(done) << data;
    }
}

TEST(Dots, EndAnEmptyMessageAtOnceAndLeaveTheRest) {
    Dots dots;
    std::string out;
    EXPECT_EQ(dots.feed(".\r\nQUIT\r\n", out), 3u);
    EXPECT_TRUE(dots.done());
    EXPECT_EQ(out, "");
}

TEST(Path, ReadsAddressAndParameters) {
    const auto path = parse_path("From:<alice@example.test> SIZE=10 BODY=8BITMIME SMTPUTF8", "FROM");
    ASSERT_TRUE(path);
    EXPECT_EQ(path->address, "alice@example.test");
    EXPECT_EQ(path->parameters.at("SIZE"), "10");
    EXPECT_EQ(path->parameters.at("SMTPUTF8"), "");
    EXPECT_TRUE(path->ascii);
}

TEST(Path, TakesTheOddButLawfulOnes) {
    for (const char* good :
         {"TO:<>", "TO:<postmaster>", "TO:<\"a b>c\"@example.test>", "TO:<a+b@[127.0.0.1]>",
          "TO:<o'hara@example.test>", "TO:<\xe5\xa4\xaa@\xe4\xbe\x8b.test>"}) {
        EXPECT_TRUE(parse_path(good, "TO")) << good;
    }
}

TEST(Path, RefusesWhatAClientMustNotSend) {
    for (const char* bad : {"",
                            "TO:",
                            "TO: <a@b.test>",
                            "TO:a@b.test",
                            "TO:<a@b.test",
                            "TO:<a>",
                            "TO:<@b.test>",
                            "TO:<a@>",
                            "TO:<a@.test>",
                            "TO:<.a@b.test>",
                            "TO:<a..b@b.test>",
                            "TO:<a b@b.test>",
                            "TO:<@r.test:a@b.test>",
                            "TO:<a@b.test>SIZE=1",
                            "TO:<a@b.test>  SIZE=1",
                            "TO:<a@b.test> SIZE=",
                            "TO:<a@b.test> X=1 x=2",
                            "TO:<a@b.test> ",
                            "TO:<<a@b.test>>",
                            "TO:<a\x01@b.test>",
                            "FROM:<a@b.test>"}) {
        EXPECT_FALSE(parse_path(bad, "TO")) << bad;
    }
}

TEST(Offers, AreExactlyThoseToldInAnyCase) {
    const Offers offers = Offers::parse("starttls,AUTH=LOGIN,size=1000");
    EXPECT_TRUE(offers.starttls && offers.auth_login && offers.size);
    EXPECT_FALSE(offers.auth_plain || offers.pipelining || offers.dsn || offers.enhanced);
    EXPECT_EQ(offers.size_limit, 1000u);
    EXPECT_FALSE(Offers::parse("none").starttls);
    EXPECT_TRUE(Offers::parse("AUTH=XOAUTH2").auth_xoauth2 && Offers::parse("auth=oauthbearer").auth());
    EXPECT_FALSE(Offers::parse("AUTH").auth_xoauth2 || Offers().auth_oauthbearer);
    EXPECT_THROW(Offers::parse("STARTTLS,XYZZY"), std::invalid_argument);
    EXPECT_THROW(Offers::parse("SIZE=lots"), std::invalid_argument);
    EXPECT_THROW(Offers::parse(""), std::invalid_argument);
}

}  // namespace
}  // namespace inbox
