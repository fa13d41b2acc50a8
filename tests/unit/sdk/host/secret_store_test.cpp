#include "host/secret_store.hpp"

#include <cstdlib>
#include <gmock/gmock.h>
#include <unistd.h>

#include "wfc/host.hpp"

namespace wfc {
namespace {

using testing::ElementsAre;

TEST(SecretStore, NamesItsVariableInUpperCaseWithUnderscores) {
    EXPECT_EQ(SecretStore::variable("alice"), "WFC_SECRET_ALICE");
    EXPECT_EQ(SecretStore::variable("my key/2.0"), "WFC_SECRET_MY_KEY_2_0");
    EXPECT_EQ(SecretStore::variable("日報"), "WFC_SECRET___");
}

TEST(SecretStore, TakesSecretsOutOfTheEnvironmentAndOverwritesThem) {
    std::string entry = "WFC_SECRET_TAKEN=correct horse=battery";
    ASSERT_EQ(putenv(entry.data()), 0);
    ASSERT_EQ(setenv("WFC_SECRETIVE", "stays", 1), 0);
    SecretStore store;
    store.take_environment();
    ASSERT_NE(store.find("taken"), nullptr);
    EXPECT_EQ(store.find("taken")->reveal(), "correct horse=battery");
    EXPECT_EQ(store.find("other"), nullptr);
    EXPECT_EQ(getenv("WFC_SECRET_TAKEN"), nullptr);
    EXPECT_STREQ(getenv("WFC_SECRETIVE"), "stays");
    EXPECT_EQ(entry, std::string(entry.size(), '\0'));
    unsetenv("WFC_SECRETIVE");
}

TEST(SecretStore, IsReadOnceEvenWhenAVariableStandsTwice) {
    char first[] = "WFC_SECRET_TWICE=one", second[] = "WFC_SECRET_TWICE=two";
    char* twice[] = {first, second, nullptr};
    char** const saved = environ;
    environ = twice;
    SecretStore store;
    store.take_environment();
    EXPECT_EQ(environ[0], nullptr);
    environ = saved;
    EXPECT_EQ(store.find("twice")->reveal(), "one");
    EXPECT_EQ(std::string_view(second, sizeof second), std::string(sizeof second, '\0'));
}

TEST(SecretNames, AreFoundAnywhereInTheSettings) {
    const auto names = secret_names(
        R"({"a":{"$secret":"one"},"b":[{"c":{"$secret":"two"}}],"d":{"$secret":3},"e":"$secret"})");
    EXPECT_THAT(names, ElementsAre("one", "two"));
    EXPECT_TRUE(secret_names("no json").empty());
    EXPECT_TRUE(secret_names(std::string(10000, '[')).empty());
}

TEST(SecretView, AnswersOnlyForNamesInTheSettings) {
    SecretStore store;
    store.keep("mine", SecretString("value"));
    store.keep("theirs", SecretString("hidden"));
    SecretView seen(store, {"mine", "absent"});
    const wfc_secrets* table = seen.table();
    std::string out;
    EXPECT_EQ(table->get(table->ctx, view("mine"), append_to(out)), WFC_OK);
    EXPECT_EQ(out, "value");
    EXPECT_EQ(table->get(table->ctx, view("theirs"), append_to(out)), WFC_DENIED);
    EXPECT_EQ(table->get(table->ctx, view("absent"), append_to(out)), WFC_NOT_FOUND);
    EXPECT_EQ(out, "value");
    EXPECT_THAT(seen.missing(), ElementsAre("absent"));
    EXPECT_EQ(table->put(table->ctx, view("mine"), view("x")), WFC_UNSUPPORTED);
    EXPECT_EQ(table->erase(table->ctx, view("mine")), WFC_UNSUPPORTED);
}

}  // namespace
}  // namespace wfc
