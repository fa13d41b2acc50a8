#include "serve/session.hpp"

#include <gmock/gmock.h>

#include "surroundings.hpp"

namespace wfc::serve {
namespace {

using nlohmann::json;

constexpr const char* with_token = R"({"sign_in":{"method":"token","token":{"$secret":"tok.en"}}})";

class ASession : public testing::Test {
  protected:
    void SetUp() override { session.load(); }
    json invoke(const std::string& operation, const std::string& input = "{}") {
        Call call(++id_, {"name", operation, input}, {}, host.folder, host.out);
        return json::parse(session.invoke(call).document);
    }

    test::InAFolder host;
    Session session{"name", find("probe", host.components), host.around(),
                    [](const Turns::Work& work) { work(); }};

  private:
    std::uint64_t id_ = 0;
};

TEST_F(ASession, KeepsItsOldSettingsWhereNewOnesAreRefused) {
    EXPECT_FALSE(session.configured());
    EXPECT_EQ(session.configure(with_token, {}), "");
    EXPECT_TRUE(session.configured());
    const std::string problem = session.configure(R"({"size":"large"})", {});
    EXPECT_EQ(json::parse(problem)["error"]["pointer"], "/size");
    EXPECT_EQ(invoke("account-status")["outcome"], "succeeded");
}

TEST_F(ASession, SeesTheValuesThatCameWithItsSettings) {
    SecretValues given;
    given.emplace("tok.en", SecretString("four"));
    EXPECT_EQ(session.configure(with_token, std::move(given)), "");
    EXPECT_EQ(invoke("secret")["length"], 4);
    EXPECT_EQ(session.configure(with_token, {}), "");
    EXPECT_EQ(invoke("secret")["outcome"], "failed") << "they go with the settings";
}

TEST_F(ASession, OffersAPromptAndNoFiles) {
    EXPECT_EQ(session.configure("{}", {}), "");
    EXPECT_EQ(invoke("ask")["offered"], true);
    EXPECT_EQ(invoke("file", R"({"path":"/etc/hostname"})")["outcome"], "succeeded");
    EXPECT_FALSE(invoke("file", R"({"path":"/etc/hostname"})").contains("size"));
}

TEST_F(ASession, IsBrokenWhereItCannotBeLoaded) {
    Manifest manifest = session.manifest();
    manifest.directory = host.home.path();
    Session other("other", manifest, host.around(), [](const Turns::Work& work) { work(); });
    EXPECT_THROW(other.load(), wfc::Refused);
    EXPECT_TRUE(other.broken());
    EXPECT_FALSE(session.broken());
    other.end();
}

TEST_F(ASession, IsNotTiredWhereItsManifestSaysNothingOfRest) {
    EXPECT_EQ(session.configure("{}", {}), "");
    invoke("ask");
    EXPECT_FALSE(session.tired());
    EXPECT_EQ(session.turn(), Turn::shared);
    session.end();
}

}  // namespace
}  // namespace wfc::serve
