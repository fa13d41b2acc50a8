#include "host/secret_vault.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <sodium.h>
#include <sys/stat.h>
#include <thread>

#include "support/scratch.hpp"
#include "variable.hpp"

namespace wfc {
namespace {

using test::Scratch;
using test::Variable;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Vault : public testing::Test {
  protected:
    std::filesystem::path home() const { return scratch_ / "home"; }
    std::filesystem::path file() const { return home() / "secrets"; }
    SecretVault vault() const { return SecretVault(home()); }
    void set(const char* name, const char* value) const {
        SecretVault(home()).supply(name, SecretString(value));
    }
    std::string get(const char* name) const { return get(name, SecretVault(home())); }
    static std::string get(const char* name, SecretVault&& from) { return get(name, from); }
    static std::string get(const char* name, SecretVault& from) {
        const auto value = from.answer(name, nullptr);
        return value ? std::string(value->reveal()) : "(nothing)";
    }
    /// What is said when the store is used; it must be as it was afterwards.
    std::string fault() const {
        const std::string before = Scratch::read(file());
        std::string said = "none";
        try {
            SecretVault(home()).supply("new", SecretString("value"));
        } catch (const SecretsUnusable& refused) {
            said = refused.what();
        }
        EXPECT_EQ(Scratch::read(file()), before);
        EXPECT_THROW((void)SecretVault(home()).answer("alice", nullptr), SecretsUnusable);
        return said;
    }
    std::filesystem::path key(const char* name, const std::string& content) const {
        const auto path = scratch_.write(name, content);
        chmod(path.c_str(), 0600);
        return path;
    }
    std::size_t files() const {
        const std::filesystem::directory_iterator all(home());
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    Scratch scratch_;
    Variable credentials_{"CREDENTIALS_DIRECTORY", std::nullopt}, key_file_{"WFC_KEY_FILE", std::nullopt};
};

TEST_F(Vault, KeepsWhatWasSet) {
    set("alice", "hunter2");
    set("bob", "hunter3");
    set("alice", "hunter4");
    EXPECT_EQ(get("alice"), "hunter4");
    EXPECT_EQ(get("bob"), "hunter3");
    EXPECT_TRUE(vault().remove("bob"));
    EXPECT_FALSE(vault().remove("bob"));
    EXPECT_EQ(get("bob"), "(nothing)");
    EXPECT_EQ(files(), 3U);  // the store, its lock, its key
    for (const char* name : {"secrets", "secrets.key", "secrets.lock"}) {
        struct stat facts {};
        ASSERT_EQ(stat((home() / name).c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 07777U, 0600U) << name;
    }
}

TEST_F(Vault, MakesNothingByReading) {
    SecretVault store(home());
    EXPECT_EQ(get("alice", store), "(nothing)");
    EXPECT_TRUE(store.list().empty());
    EXPECT_FALSE(store.remove("alice"));
    EXPECT_EQ(store.forget_written("alice"), SecretVault::Change::nothing_there);
    EXPECT_FALSE(store.exists());
    EXPECT_FALSE(store.locked());
    EXPECT_EQ(scratch_.entries(), 0U);
}

TEST_F(Vault, ShowsNoSecretInItsFiles) {
    const std::string canary = "CANARY correct horse battery staple";
    set("canary-name", canary.c_str());
    std::string hex(2 * canary.size() + 1, '\0'), base64(100, '\0');
    const auto* bytes = reinterpret_cast<const unsigned char*>(canary.data());
    sodium_bin2hex(hex.data(), hex.size(), bytes, canary.size());
    sodium_bin2base64(base64.data(), base64.size(), bytes, canary.size(), sodium_base64_VARIANT_ORIGINAL);
    for (const auto& entry : std::filesystem::directory_iterator(home())) {
        const std::string content = Scratch::read(entry.path());
        EXPECT_THAT(content, AllOf(Not(HasSubstr(canary)), Not(HasSubstr("canary-name")),
                                   Not(HasSubstr(hex.c_str())), Not(HasSubstr(base64.substr(0, 40)))));
    }
}

TEST_F(Vault, IsReadAgainWhenAnotherProcessHasWritten) {
    SecretVault running(home());
    EXPECT_EQ(get("alice", running), "(nothing)");
    for (int i = 0; i < 50; ++i) {  // the same size each time, often within one tick of the clock
        const std::string value = std::to_string(1000 + i);
        set("alice", value.c_str());
        EXPECT_EQ(get("alice", running), value);
    }
    std::filesystem::remove(file());
    EXPECT_EQ(get("alice", running), "(nothing)");
}

TEST_F(Vault, IsRefusedWhenItWasDamagedAndStaysAsItIs) {
    set("alice", "hunter2");
    const std::string good = Scratch::read(file());
    std::string flipped = good;
    flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
    for (const std::string& content :
         {std::string(), good.substr(0, 7), good.substr(0, good.size() - 1), flipped,
          std::string("wrong magic, and long enough to be a store") + good}) {
        key("home/secrets", content);
        EXPECT_THAT(fault(), AllOf(HasSubstr(file().string()),
                                   testing::AnyOf(HasSubstr("is damaged"), HasSubstr("is no store"))));
    }
    std::filesystem::resize_file(file(), largest_secret_file + 1);
    EXPECT_THROW(set("alice", "hunter2"), SecretsUnusable);
    EXPECT_EQ(std::filesystem::file_size(file()), largest_secret_file + 1);
}

TEST_F(Vault, IsRefusedWhenItIsOpenToOthersOrALink) {
    set("alice", "hunter2");
    ASSERT_EQ(chmod(file().c_str(), 0640), 0);
    EXPECT_THAT(fault(), HasSubstr("chmod go= " + file().string()));
    ASSERT_EQ(chmod(file().c_str(), 0600), 0);
    ASSERT_EQ(chmod((home() / "secrets.key").c_str(), 0644), 0);
    EXPECT_THAT(fault(), HasSubstr("secrets.key is open to other users"));
    ASSERT_EQ(chmod((home() / "secrets.key").c_str(), 0600), 0);
    std::filesystem::rename(file(), home() / "elsewhere");
    std::filesystem::create_symlink("elsewhere", file());
    EXPECT_THAT(fault(), HasSubstr("symbolic link"));
}

TEST_F(Vault, IsRefusedWhenItsHomeIs) {
    set("alice", "hunter2");
    ASSERT_EQ(chmod(home().c_str(), 0777), 0);
    EXPECT_THAT(fault(), HasSubstr("chmod go-w"));
}

TEST_F(Vault, IsRefusedWithAnotherKeyAndStaysAsItIs) {
    set("alice", "hunter2");
    {
        const Variable other("WFC_KEY_FILE", key("other", std::string(32, '\x8f')).string());
        EXPECT_THAT(fault(), AllOf(HasSubstr("was made with another key than"), HasSubstr("WFC_KEY_FILE")));
    }
    EXPECT_EQ(get("alice"), "hunter2");
    std::filesystem::rename(home() / "secrets.key", home() / "kept");
    EXPECT_THAT(fault(), HasSubstr("secrets.key is missing"));
    key("home/secrets.key", std::string(32, '\x8f'));
    EXPECT_THAT(fault(), HasSubstr("another key than that in"));
}

TEST_F(Vault, UsesAGivenKeyAndMakesNoneThen) {
    const std::string path = key("given", std::string(32, '\x87')).string();
    {
        const Variable given("WFC_KEY_FILE", path);
        set("alice", "hunter2");
        EXPECT_EQ(get("alice"), "hunter2");
        EXPECT_FALSE(std::filesystem::exists(home() / "secrets.key"));
        SecretVault store(home());
        EXPECT_THROW((void)store.unlock(SecretString("correct horse")), SecretsUnusable);
    }
    EXPECT_THAT(fault(), HasSubstr("no other is given"));
}

TEST_F(Vault, OpensWithItsPassphraseOnly) {
    SecretVault first(home());
    EXPECT_TRUE(first.unlock(SecretString("correct horse")));
    first.supply("alice", SecretString("hunter2"));
    EXPECT_EQ(get("alice", first), "hunter2");
    EXPECT_FALSE(first.locked());
    EXPECT_FALSE(std::filesystem::exists(home() / "secrets.key"));

    EXPECT_THAT(fault(), AllOf(HasSubstr("protected by a passphrase"), HasSubstr("wfc-key"),
                               HasSubstr("WFC_KEY_FILE")));
    SecretVault second(home());
    EXPECT_TRUE(second.locked());
    EXPECT_FALSE(second.unlock(SecretString("wrong horse")));
    EXPECT_TRUE(second.locked());
    EXPECT_TRUE(second.unlock(SecretString("correct horse")));
    EXPECT_EQ(get("alice", second), "hunter2");
    second.supply("alice", SecretString("hunter3"));
    EXPECT_EQ(get("alice", first), "hunter3");

    const Variable given("WFC_KEY_FILE", key("given", std::string(32, '\x87')).string());
    EXPECT_THAT(fault(), HasSubstr("was made with a passphrase"));
}

TEST_F(Vault, WithAKeyTakesNoPassphrase) {
    set("alice", "hunter2");
    SecretVault store(home());
    EXPECT_THROW((void)store.unlock(SecretString("correct horse")), SecretsUnusable);
    EXPECT_EQ(get("alice", store), "hunter2");
}

TEST_F(Vault, StoresNothingInAStoreThatWasMadeMeanwhileWithAKey) {
    SecretVault protected_one(home());
    EXPECT_TRUE(protected_one.unlock(SecretString("correct horse")));
    set("alice", "hunter2");
    try {
        protected_one.supply("bob", SecretString("hunter3"));
        FAIL() << "it is not protected by the passphrase";
    } catch (const SecretsUnusable& fault) {
        EXPECT_THAT(fault.what(), AllOf(HasSubstr("made meanwhile"), HasSubstr("nothing was stored")));
    }
    EXPECT_EQ(get("bob"), "(nothing)");
}

TEST_F(Vault, IsReadWhileSomebodyElseHoldsItsLock) {
    const SecretString one("one"), two("two");
    SecretVault store(home());
    store.write("token", SecretString("renewed"), &one);
    const FileLock held(home() / "secrets.lock");
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(store.answer("token", &two));  // and what is stale stays for now
    std::thread writer([&] { EXPECT_THROW(store.write("b", one, nullptr), SecretsUnusable); });
    EXPECT_EQ(store.answer("token", &one)->reveal(), "renewed");
    writer.join();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST_F(Vault, DropsAWrittenValueWhenTheOneItBelongsToHasChanged) {
    const SecretString one("one"), two("two");
    SecretVault store(home());
    store.write("token", SecretString("renewed"), &one);
    EXPECT_EQ(store.answer("token", &one)->reveal(), "renewed");
    EXPECT_FALSE(store.answer("token", &two));
    EXPECT_FALSE(store.answer("token", &one));  // it does not come back
    EXPECT_TRUE(store.list().empty());
}

TEST_F(Vault, LosesNoChangeOfAnyThread) {
    SecretVault store(home());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&store, t] {
            for (int i = 0; i < 10; ++i) {
                const std::string name = std::to_string(t) + "-" + std::to_string(i);
                store.supply(name, SecretString(name));
                EXPECT_EQ(get(name.c_str(), store), name);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(store.list().size(), 40U);
}

}  // namespace
}  // namespace wfc
