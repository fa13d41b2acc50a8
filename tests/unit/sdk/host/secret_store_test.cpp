#include <cstdlib>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/secret_vault.hpp"
#include "host/secret_view.hpp"
#include "support/scratch.hpp"
#include "variable.hpp"
#include "wfc/host.hpp"

namespace wfc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

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
    EXPECT_EQ(store.get("taken").value.reveal(), "correct horse=battery");
    EXPECT_EQ(store.get("other").status, WFC_NOT_FOUND);
    EXPECT_TRUE(store.in_environment("taken"));
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
    EXPECT_EQ(store.get("twice").value.reveal(), "one");
    EXPECT_EQ(std::string_view(second, sizeof second), std::string(sizeof second, '\0'));
}

TEST(SecretStore, GivesWhatOneComponentWasSuppliedWithBeforeWhatAllShare) {
    SecretStore shared;
    shared.keep("a.b", SecretString("of all"));
    SecretValues given;
    given.emplace("a.b", SecretString("its own"));
    SecretStore own(shared, std::move(given));
    SecretStore other(shared, {});
    EXPECT_EQ(own.get("a.b").value.reveal(), "its own");
    EXPECT_EQ(own.get("a-b").value.reveal(), "of all") << "names are those of the settings, to the letter";
    EXPECT_EQ(other.get("a.b").value.reveal(), "of all");
    EXPECT_EQ(own.get("c").status, WFC_NOT_FOUND);
    EXPECT_TRUE(own.in_environment("a.b"));
}

TEST(SecretNames, AreFoundAnywhereInTheSettings) {
    const auto names = secret_names(
        R"({"a":{"$secret":"one"},"b":[{"c":{"$secret":"two"}}],"d":{"$secret":3},"e":"$secret"})");
    EXPECT_THAT(names, ElementsAre("one", "two"));
    EXPECT_TRUE(secret_names("no json").empty());
    EXPECT_TRUE(secret_names(std::string(10000, '[')).empty());
}

class SecretStoreOnDisk : public testing::Test {
  protected:
    SecretAnswer answer(const char* name) { return store_.get(name); }
    std::string value(const char* name) { return std::string(store_.get(name).value.reveal()); }
    void supply(const char* name, const char* value) {
        SecretVault(scratch_ / "home").supply(name, SecretString(value));
    }

    test::Variable credentials_{"CREDENTIALS_DIRECTORY", std::nullopt}, key_{"WFC_KEY_FILE", std::nullopt};
    test::Scratch scratch_;
    SecretVault vault_{scratch_ / "home"};
    SecretStore store_{vault_};
};

TEST_F(SecretStoreOnDisk, AnswersWithWhatWasWrittenThenTheEnvironmentThenTheStore) {
    supply("token", "stored");
    EXPECT_EQ(value("token"), "stored");
    store_.keep("token", SecretString("environment"));
    EXPECT_EQ(value("token"), "environment");
    EXPECT_EQ(store_.put("token", SecretString("written")).status, WFC_OK);
    EXPECT_EQ(value("token"), "written");
    store_.keep("token", SecretString("new environment"));
    EXPECT_EQ(value("token"), "new environment");
    EXPECT_EQ(answer("absent").status, WFC_NOT_FOUND);
}

TEST_F(SecretStoreOnDisk, SeesAPasswordThatIsSetWhileItRuns) {
    EXPECT_EQ(answer("alice").status, WFC_NOT_FOUND);
    supply("alice", "one");
    EXPECT_EQ(value("alice"), "one");
    supply("alice", "two");
    EXPECT_EQ(value("alice"), "two");
}

TEST_F(SecretStoreOnDisk, ForgetsWhatWasWritten) {
    supply("token", "stored");
    EXPECT_EQ(store_.erase("token").status, WFC_NOT_FOUND);
    EXPECT_EQ(store_.put("token", SecretString("written")).status, WFC_OK);
    EXPECT_EQ(store_.erase("token").status, WFC_OK);
    EXPECT_EQ(value("token"), "stored");
}

TEST_F(SecretStoreOnDisk, TouchesNothingForSecretsOfTheEnvironment) {
    store_.keep("alice", SecretString("hunter2"));
    EXPECT_EQ(value("alice"), "hunter2");
    EXPECT_EQ(answer("bob").status, WFC_NOT_FOUND);
    EXPECT_EQ(answer("a name that is none of the store").status, WFC_NOT_FOUND);
    EXPECT_EQ(scratch_.entries(), 0U);
}

TEST_F(SecretStoreOnDisk, SaysWhyItCannotBeUsedAndAnswersFromTheEnvironmentAllTheSame) {
    scratch_.write("home/secrets", "no store");
    chmod((scratch_ / "home").c_str(), 0700);
    chmod((scratch_ / "home/secrets").c_str(), 0600);
    store_.keep("alice", SecretString("hunter2"));
    EXPECT_EQ(answer("alice").status, WFC_OK);
    EXPECT_EQ(value("alice"), "hunter2");
    EXPECT_THAT(answer("alice").trouble, HasSubstr("no store of secrets"));
    EXPECT_EQ(answer("bob").status, WFC_UNAVAILABLE);
    EXPECT_EQ(store_.put("bob", SecretString("x")).status, WFC_UNAVAILABLE);
    EXPECT_EQ(store_.erase("bob").status, WFC_UNAVAILABLE);
}

TEST_F(SecretStoreOnDisk, DoesNotAnswerFromTheEnvironmentWhatALockedStoreMayKnowBetter) {
    SecretVault unlocked(scratch_ / "home");
    ASSERT_TRUE(unlocked.unlock(SecretString("correct horse")));
    const SecretString token("token"), renewed("renewed");
    unlocked.supply("other", token);
    store_.keep("token", token.copy());
    EXPECT_EQ(value("token"), "token") << "no component wrote into it";
    EXPECT_THAT(answer("token").trouble, HasSubstr("protected by a passphrase"));
    EXPECT_EQ(unlocked.write("token", renewed, &token), SecretVault::Change::done);
    EXPECT_EQ(answer("token").status, WFC_UNAVAILABLE);
    EXPECT_THAT(answer("token").trouble, HasSubstr("WFC_SECRET_TOKEN is not used instead"));
}

TEST_F(SecretStoreOnDisk, TakesNamesAndSizesThatItCanKeep) {
    EXPECT_EQ(store_.put("a b", SecretString("x")).status, WFC_INVALID_INPUT);
    EXPECT_EQ(store_.put("a", SecretString()).status, WFC_INVALID_INPUT);
    EXPECT_EQ(store_.put("a", SecretString(std::string(largest_secret + 1, 'x'))).status, WFC_INVALID_INPUT);
    EXPECT_EQ(store_.put("a", SecretString(std::string(largest_secret, 'x'))).status, WFC_OK);
}

TEST_F(SecretStoreOnDisk, IsSeenByAComponentThroughItsNames) {
    supply("theirs", "hidden");
    SecretView seen(store_, {"mine", "absent"});
    const wfc_secrets* table = seen.table();
    EXPECT_EQ(table->put(table->ctx, view("mine"), view("written")), WFC_OK);
    std::string out;
    EXPECT_EQ(table->get(table->ctx, view("mine"), append_to(out)), WFC_OK);
    EXPECT_EQ(out, "written");
    EXPECT_EQ(table->erase(table->ctx, view("mine")), WFC_OK);
    EXPECT_EQ(table->get(table->ctx, view("mine"), append_to(out)), WFC_NOT_FOUND);
    EXPECT_EQ(table->get(table->ctx, view("theirs"), append_to(out)), WFC_DENIED);
    EXPECT_EQ(table->put(table->ctx, view("theirs"), view("x")), WFC_DENIED);
    EXPECT_EQ(table->erase(table->ctx, view("theirs")), WFC_DENIED);
    EXPECT_TRUE(seen.troubles().empty());
    chmod((scratch_ / "home/secrets").c_str(), 0644);
    EXPECT_EQ(table->get(table->ctx, view("absent"), append_to(out)), WFC_UNAVAILABLE);
    EXPECT_THAT(seen.troubles(), ElementsAre(HasSubstr("is open to other users")));
    EXPECT_THAT(seen.missing(), ElementsAre("mine"));
}

TEST_F(SecretStoreOnDisk, ANameThatTheComponentWritesIsNotMissingAnyMore) {
    SecretView seen(store_, {"mine", "other"});
    const wfc_secrets* table = seen.table();
    std::string out;
    for (const char* name : {"mine", "other"})
        EXPECT_EQ(table->get(table->ctx, view(name), append_to(out)), WFC_NOT_FOUND);
    EXPECT_EQ(table->put(table->ctx, view("mine"), view("written")), WFC_OK);
    EXPECT_THAT(seen.missing(), ElementsAre("other"));
    supply("other", "set meanwhile");
    EXPECT_EQ(table->get(table->ctx, view("other"), append_to(out)), WFC_OK);
    EXPECT_THAT(seen.missing(), testing::IsEmpty());
}

/// A component with one name, on a store that others change meanwhile.
class WrittenBack : public SecretStoreOnDisk {
  protected:
    std::string get() {
        std::string out;
        return table_->get(table_->ctx, view("token"), append_to(out)) == WFC_OK ? out : "(nothing)";
    }
    wfc_status put(const char* value) { return table_->put(table_->ctx, view("token"), view(value)); }
    wfc_status erase() { return table_->erase(table_->ctx, view("token")); }

    SecretView seen_{store_, {"token"}};
    const wfc_secrets* table_ = seen_.table();
};

TEST_F(WrittenBack, DoesNotShadowAValueThatWasSetSinceTheComponentAsked) {
    supply("token", "old");
    EXPECT_EQ(get(), "old");
    supply("token", "new");
    EXPECT_EQ(put("made of the old one"), WFC_CONFLICT);
    EXPECT_THAT(seen_.troubles(), ElementsAre(HasSubstr("token")));
    EXPECT_EQ(value("token"), "new");
    EXPECT_EQ(get(), "new");
    EXPECT_EQ(put("made of the new one"), WFC_OK);
    EXPECT_EQ(get(), "made of the new one");
}

TEST_F(WrittenBack, DoesNotBringBackANameThatWasRemoved) {
    supply("token", "old");
    EXPECT_EQ(get(), "old");
    EXPECT_TRUE(SecretVault(scratch_ / "home").remove("token"));
    EXPECT_EQ(put("made of the old one"), WFC_CONFLICT);
    EXPECT_EQ(value("token"), "");
    EXPECT_TRUE(vault_.list().empty());
}

TEST_F(WrittenBack, DoesNotShadowTheFirstValueThatWasEverSet) {
    EXPECT_EQ(get(), "(nothing)");  // there is not even a store
    supply("token", "first");
    EXPECT_EQ(put("made of nothing"), WFC_CONFLICT);
    EXPECT_EQ(value("token"), "first");
}

TEST_F(WrittenBack, DoesNotBringBackWhatAPersonRemovedAfterIt) {
    EXPECT_EQ(put("signed in"), WFC_OK);  // nobody supplied anything
    EXPECT_EQ(put("renewed"), WFC_OK);
    EXPECT_TRUE(SecretVault(scratch_ / "home").remove("token"));
    EXPECT_EQ(put("renewed again"), WFC_CONFLICT);
    EXPECT_EQ(get(), "(nothing)");
    EXPECT_EQ(put("signed in again"), WFC_OK);
    EXPECT_EQ(erase(), WFC_OK);
    EXPECT_EQ(put("once more"), WFC_OK);
}

TEST_F(WrittenBack, ForgetsNothingThatBelongsToAValueSetSince) {
    supply("token", "old");
    EXPECT_EQ(get(), "old");
    supply("token", "new");
    EXPECT_EQ(store_.put("token", SecretString("of another")).status, WFC_OK);
    EXPECT_EQ(erase(), WFC_CONFLICT);
    EXPECT_EQ(value("token"), "of another");
}

TEST_F(WrittenBack, ToTheEnvironmentAndToTheStoreAreTwoValues) {
    supply("token", "stored");
    SecretStore elsewhere(vault_);
    elsewhere.keep("token", SecretString("environment"));
    EXPECT_EQ(elsewhere.put("token", SecretString("for the environment")).status, WFC_OK);
    EXPECT_EQ(get(), "stored");
    EXPECT_EQ(put("for the store"), WFC_OK);
    EXPECT_EQ(elsewhere.get("token").value.reveal(), "for the environment");
    EXPECT_EQ(get(), "for the store");
    EXPECT_EQ(erase(), WFC_OK);
    EXPECT_EQ(get(), "stored");
    EXPECT_EQ(elsewhere.get("token").value.reveal(), "for the environment");
}

TEST(SecretStore, TakesAnEmptyVariableAsNone) {
    const test::Variable empty("WFC_SECRET_EMPTY", "");
    SecretStore store;
    store.take_environment();
    EXPECT_EQ(store.get("empty").status, WFC_NOT_FOUND);
    EXPECT_EQ(getenv("WFC_SECRET_EMPTY"), nullptr);
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
