#include "outcome/utc_time.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace {

using mailsend::utc_text;

TEST(UtcTime, IsWrittenAsRfc3339InWholeSeconds) {
    EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(utc_text(1'795'406'400), "2026-11-23T04:00:00Z");
    EXPECT_EQ(utc_text(951'782'399), "2000-02-28T23:59:59Z");
    EXPECT_EQ(utc_text(-1), "1969-12-31T23:59:59Z");
}

TEST(UtcTime, IsEmptyForWhatNoDocumentCanSay) {
    EXPECT_EQ(utc_text(253'402'300'799), "9999-12-31T23:59:59Z");
    for (const std::int64_t beyond :
         {std::int64_t{253'402'300'800}, std::numeric_limits<std::int64_t>::max(),
          std::int64_t{-62'135'596'801}, std::numeric_limits<std::int64_t>::min()})
        EXPECT_EQ(utc_text(beyond), "") << beyond;
}

}  // namespace
