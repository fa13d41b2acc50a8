#include "operations/last_good_send.hpp"

#include <gtest/gtest.h>

#include "testhost/testhost.hpp"

namespace {

using mailsend::LastGoodSend;

TEST(LastGoodSend, IsSeenByTheNextProcess) {
    wfc::testhost::TestHost host;
    host.unix_time(1'795'305'600'123);
    const wfc::Host view(host.table());
    EXPECT_EQ(LastGoodSend("a", view).when(), 0);
    LastGoodSend("a", view).happened();
    EXPECT_EQ(LastGoodSend("a", view).when(), 1'795'305'600);
    EXPECT_EQ(LastGoodSend("b", view).when(), 0);
}

TEST(LastGoodSend, IsWrittenOnceAMinute) {
    wfc::testhost::TestHost host;
    host.unix_time(1'795'305'600'000);
    const wfc::Host view(host.table());
    LastGoodSend sends("a", view);
    sends.happened();
    host.advance(59'000);
    sends.happened();
    EXPECT_EQ(sends.when(), 1'795'305'600);
    host.advance(2'000);
    sends.happened();
    EXPECT_EQ(sends.when(), 1'795'305'661);
}

TEST(LastGoodSend, IsSilentlyForgottenWhereTheHostKeepsNoState) {
    wfc::testhost::TestHost host;
    host.without(WFC_STATE);
    LastGoodSend sends("a", wfc::Host(host.table()));
    sends.happened();
    EXPECT_EQ(sends.when(), 0);
}

}  // namespace
