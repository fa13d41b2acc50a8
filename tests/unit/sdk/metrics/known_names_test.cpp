#include "metrics/known_names.hpp"

#include <gmock/gmock.h>

namespace wfc::metrics {
namespace {

TEST(KnownNames, ThoseThatCameFirstStayAndTheRestIsOther) {
    KnownNames names(2);
    EXPECT_EQ(names.take("server.reply"), "server.reply");
    EXPECT_EQ(names.take("net/timed-out_2"), "net/timed-out_2");
    EXPECT_EQ(names.take("one.more"), "other");
    EXPECT_EQ(names.take("server.reply"), "server.reply");
}

TEST(KnownNames, WhatIsNoNameIsOtherAndTakesNoPlace) {
    KnownNames names(1);
    for (const std::string& odd :
         {std::string(), std::string("a b"), std::string("a\n"), std::string("a\"b"),
          std::string("\xe6\x97\xa5"), std::string("a\0b", 3), std::string(101, 'a')}) {
        EXPECT_EQ(names.take(odd), "other") << odd;
    }
    EXPECT_EQ(names.take(std::string(100, 'a')), std::string(100, 'a'));
}

TEST(KnownNames, OutcomesAreThoseOfTheContract) {
    EXPECT_EQ(known_outcome("accepted"), "accepted");
    EXPECT_EQ(known_outcome("unknown"), "unknown");
    EXPECT_EQ(known_outcome("Accepted"), "other");
    EXPECT_EQ(known_outcome(""), "other");
}

}  // namespace
}  // namespace wfc::metrics
