// network.source_address: the address that a connection comes from.
#include <gmock/gmock.h>

#include "support/connect_proxy.hpp"
#include "support/served_mail_send.hpp"

namespace {

using testing::HasSubstr;

class SourceAddress : public test::ServedMailSend {
  protected:
    SourceAddress() { serve(); }

    nlohmann::json from(const std::string& address) const {
        nlohmann::json out = settings(false);
        out["network"]["source_address"] = address;
        return out;
    }
};

TEST_F(SourceAddress, IsTheOneThatTheServerSees) {
    const test::Sent sent = send(from("127.0.0.9"));  // "localhost" is ::1 first, which is passed over
    ASSERT_EQ(sent.status, WFC_OK) << sent.document.dump(1);
    ASSERT_EQ(arrived().size(), 1U);
    EXPECT_THAT(arrived().front().dump(), HasSubstr("127.0.0.9"));
}

TEST_F(SourceAddress, ThatThisMachineLacksIsNamedWithItsSetting) {
    const test::Sent sent = send(from("192.0.2.7"));
    EXPECT_EQ(sent.id(), "net.source_address") << sent.document.dump(1);
    EXPECT_EQ(sent.stage(), "connect");
    EXPECT_EQ(sent.document["error"]["pointer"], "/network/source_address");
    EXPECT_THAT(sent.message(), HasSubstr("192.0.2.7"));
}

TEST_F(SourceAddress, LeadsToTheProxyWhereThereIsOne) {
    test::ConnectProxy proxy;
    nlohmann::json settings = from("192.0.2.7");
    settings["network"]["proxy"] = "http://127.0.0.1:" + std::to_string(proxy.port());
    EXPECT_EQ(send(settings).id(), "net.source_address");
    EXPECT_TRUE(proxy.requests().empty());
}

}  // namespace
