#include "host/secret_key.hpp"

#include <cerrno>
#include <gmock/gmock.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/secret_file.hpp"
#include "support/scratch.hpp"
#include "variable.hpp"
#include "without_system_call.hpp"

namespace wfc {
namespace {

using test::Scratch;
using test::Variable;
using testing::AllOf;
using testing::HasSubstr;

const std::string raw("\x00\x01 key of 32 bytes \xff\xfe\r\n 78901234", 32);

std::string base64(int variant) {
    std::string out(sodium_base64_encoded_len(raw.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size(),
                      variant);
    out.pop_back();  // the NUL
    return out;
}

std::string hex() {
    std::string out(2 * raw.size() + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
    out.pop_back();
    return out;
}

struct NoKeyGiven {
    Variable credentials{"CREDENTIALS_DIRECTORY", std::nullopt}, file{"WFC_KEY_FILE", std::nullopt};
};

std::filesystem::path key_file(const Scratch& scratch, const char* name, const std::string& content) {
    const auto path = scratch.write(name, content);
    chmod(path.c_str(), 0600);
    return path;
}

TEST(KeyFile, IsRawOrHexOrBase64) {
    ready_cryptography();
    std::string upper = hex();
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    for (const std::string& text :
         {raw, hex(), hex() + "\n", upper, " " + base64(sodium_base64_VARIANT_ORIGINAL) + "\r\n",
          base64(sodium_base64_VARIANT_ORIGINAL_NO_PADDING), base64(sodium_base64_VARIANT_URLSAFE),
          base64(sodium_base64_VARIANT_URLSAFE_NO_PADDING)}) {
        EXPECT_EQ(parse_key(SecretString(text), "f").reveal(), raw) << text;
    }
}

TEST(KeyFile, IsRefusedWhenItHoldsAnythingElse) {
    for (const std::string& text : {std::string(), raw + "\n", raw.substr(1), hex().substr(2), hex() + "00",
                                    "zz" + hex().substr(2), std::string(44, '!'), std::string("password")}) {
        try {
            (void)parse_key(SecretString(text), "the/file");
            FAIL() << text;
        } catch (const SecretsUnusable& fault) {
            EXPECT_THAT(fault.what(), AllOf(HasSubstr("the/file holds no key"), HasSubstr("openssl rand")));
            if (text.size() > 7) {
                EXPECT_THAT(fault.what(), testing::Not(HasSubstr(text)));
            }
        }
    }
}

TEST(GivenKey, IsTheCredentialBeforeTheNamedFile) {
    const NoKeyGiven none;
    EXPECT_FALSE(given_key());
    const Scratch scratch;
    const Variable named("WFC_KEY_FILE", key_file(scratch, "named", hex()).string());
    const Variable credentials("CREDENTIALS_DIRECTORY", scratch.path().string());
    EXPECT_THAT(given_key()->from, HasSubstr("WFC_KEY_FILE"));
    EXPECT_EQ(given_key()->key.reveal(), raw);
    key_file(scratch, "wfc-key", std::string(32, '\x83'));
    EXPECT_EQ(given_key()->key.reveal(), std::string(32, '\x83'));
    EXPECT_EQ(given_key()->from, "the systemd credential wfc-key");
}

TEST(GivenKey, ThatCannotBeUsedIsNotReplacedByAnother) {
    const NoKeyGiven none;
    const Scratch scratch;
    const auto path = key_file(scratch, "named", hex());
    {
        const Variable named("WFC_KEY_FILE", (scratch / "none").string());
        EXPECT_THROW((void)given_key(), SecretsUnusable);
    }
    const Variable named("WFC_KEY_FILE", path.string());
    chmod(path.c_str(), 0666);
    EXPECT_THROW((void)given_key(), SecretsUnusable);
    key_file(scratch, "named", "short");
    EXPECT_THROW((void)given_key(), SecretsUnusable);
}

TEST(KeyFile, IsRefusedWhenItHoldsTextOfTheLengthOfAKey) {
    for (const std::string& text : {hex().substr(0, 32), std::string(32, 'k'), std::string(31, 'k') + "\n"}) {
        try {
            (void)parse_key(SecretString(text), "the/file");
            FAIL() << text;
        } catch (const SecretsUnusable& fault) {
            EXPECT_THAT(fault.what(), AllOf(HasSubstr("32 characters of text"), HasSubstr("openssl rand")));
        }
    }
}

TEST(GivenKey, ThatEverybodyMayReadIsUsedWithACautionWhereItIsRoots) {
    if (geteuid() != 0) return;  // then no file here can be root's
    const NoKeyGiven none;
    const Scratch scratch;
    const auto path = key_file(scratch, "named", hex());
    const Variable named("WFC_KEY_FILE", path.string());
    EXPECT_EQ(given_key()->caution, "");
    chmod(path.c_str(), 0444);
    EXPECT_EQ(given_key()->key.reveal(), raw);
    EXPECT_THAT(given_key()->caution, HasSubstr("chmod o= " + path.string()));
}

TEST(OwnKey, IsDrawnOnceAndKept) {
    const Scratch scratch;
    EXPECT_FALSE(own_key(scratch.path()));
    const SecretString made = make_own_key(scratch.path());
    EXPECT_EQ(made.size(), secret_key_size);
    EXPECT_EQ(own_key(scratch.path())->reveal(), made.reveal());
    const Scratch other;
    EXPECT_NE(make_own_key(other.path()).reveal(), made.reveal());
}

TEST(Passphrase, MakesTheSameKeyWithTheSameSaltOnly) {
    PassphraseCost cost = fresh_cost();
    EXPECT_NE(fresh_cost().salt, cost.salt);
    cost.passes = 1;
    cost.memory = 64U << 20;
    const SecretString key = key_from_passphrase("correct horse", cost);
    EXPECT_EQ(key_from_passphrase("correct horse", cost).reveal(), key.reveal());
    EXPECT_NE(key_from_passphrase("correct horse ", cost).reveal(), key.reveal());
    cost.salt[0] ^= 1;
    EXPECT_NE(key_from_passphrase("correct horse", cost).reveal(), key.reveal());
}

TEST(Passphrase, SaysSoWhenMemoryIsLacking) {
    const PassphraseCost cost = fresh_cost();
    const auto derive = [&] {
        try {
            (void)key_from_passphrase("correct horse", cost);
        } catch (const SecretsUnusable& fault) {
            return std::string_view(fault.what()).find("256 MiB of memory") != std::string_view::npos ? 0 : 1;
        }
        return 2;
    };
    constexpr unsigned large = 128u << 20;
    const int ended = test::without_system_call(SYS_mmap, ENOMEM, derive, large);
    EXPECT_EQ(ended, 0);
}

}  // namespace
}  // namespace wfc
