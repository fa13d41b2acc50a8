#include "testhost/secrets.hpp"

#include <gmock/gmock.h>

#include "testhost/testhost.hpp"
#include "wfc/host.hpp"

namespace wfc::testhost {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::Optional;

auto wrote(const char* name, const char* value) {
    return AllOf(Field(&SecretWrite::name, name), Field(&SecretWrite::value, Optional(std::string(value))));
}
auto forgot(const char* name) {
    return AllOf(Field(&SecretWrite::name, name), Field(&SecretWrite::value, std::nullopt));
}

TEST(MemorySecrets, AnswerWhatTheComponentWroteUntilTheSuppliedValueChanges) {
    TestHost host;
    const Secrets secrets = Host(host.table()).secrets();
    host.secret("token", "supplied");
    secrets.put("token", SecretString("rotated"));
    EXPECT_EQ(secrets.get("token").reveal(), "rotated");
    host.secret("token", "supplied");
    EXPECT_EQ(secrets.get("token").reveal(), "rotated") << "that is no change";
    host.secret("token", "supplied anew");
    EXPECT_EQ(secrets.get("token").reveal(), "supplied anew");
    EXPECT_THAT(host.secret_writes(), ElementsAre(wrote("token", "rotated")));
}

TEST(MemorySecrets, KeepNothingThatWasMadeOfAValueThatHasBeenReplaced) {
    TestHost host;
    const Secrets secrets = Host(host.table()).secrets();
    host.secret("token", "old");
    EXPECT_EQ(secrets.get("token").reveal(), "old");
    host.secret("token", "new");
    EXPECT_THROW(secrets.put("token", SecretString("made of the old one")), ServiceFailed);
    EXPECT_THROW(secrets.erase("token"), ServiceFailed);
    EXPECT_EQ(secrets.get("token").reveal(), "new");
    secrets.put("token", SecretString("made of the new one"));
    EXPECT_EQ(secrets.get("token").reveal(), "made of the new one");
}

TEST(MemorySecrets, ForgetOnlyWhatTheComponentWrote) {
    TestHost host;
    const Secrets secrets = Host(host.table()).secrets();
    host.secret("token", "supplied");
    secrets.put("token", SecretString("rotated"));
    secrets.erase("token");
    secrets.erase("token");
    EXPECT_EQ(secrets.get("token").reveal(), "supplied");
    secrets.put("own", SecretString("x"));
    EXPECT_EQ(secrets.get("own").reveal(), "x");
    secrets.erase("own");
    EXPECT_THROW((void)secrets.get("own"), ServiceFailed);
    EXPECT_THAT(host.secret_writes(), ElementsAre(wrote("token", "rotated"), forgot("token"), forgot("token"),
                                                  wrote("own", "x"), forgot("own")));
}

TEST(MemorySecrets, CanRefuseToKeepAValueAndRecordThatItWasTried) {
    TestHost host;
    const Secrets secrets = Host(host.table()).secrets();
    host.secret("token", "supplied");
    host.secret_writes_fail(WFC_UNSUPPORTED);
    EXPECT_THROW(secrets.put("token", SecretString("rotated")), ServiceFailed);
    EXPECT_THROW(secrets.erase("token"), ServiceFailed);
    EXPECT_EQ(secrets.get("token").reveal(), "supplied");
    EXPECT_THAT(host.secret_writes(), ElementsAre(wrote("token", "rotated"), forgot("token")));
    host.secret_writes_fail(WFC_OK);
    secrets.put("token", SecretString("rotated"));
    EXPECT_EQ(secrets.get("token").reveal(), "rotated");
}

}  // namespace
}  // namespace wfc::testhost
