#include "host/secret_records.hpp"

#include <functional>
#include <gmock/gmock.h>
#include <sodium.h>

#include "host/secret_file.hpp"

namespace wfc {
namespace {

using testing::HasSubstr;
using testing::Not;

SecretKeys keys(char seed = 'k') {
    return SecretKeys(SecretString(std::string(32, seed)));
}

SecretRecords empty() {
    return {fresh_header(KeyKind::key, {}), keys()};
}

SecretRecords reopened(const std::string& file) {
    return {read_header(file), keys(), file};
}

std::string answer(const SecretRecords& records, const char* name, const char* elsewhere = nullptr) {
    const SecretString text(elsewhere == nullptr ? "" : elsewhere);
    const auto out = records.answer(name, elsewhere == nullptr ? nullptr : &text);
    return out ? std::string(out->reveal()) : "(nothing)";
}

std::string fault_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const SecretsUnusable& fault) {
        return fault.what();
    }
    return "none";
}

TEST(Records, AreTheSameAfterTheyWereWritten) {
    SecretRecords records = empty();
    const std::string long_name(128, 'n'), binary("\0\xff\n", 3), large(largest_secret, 'v');
    records.supply("alice", SecretString("hunter2"));
    records.supply(long_name, SecretString(large));
    records.supply("binary", SecretString(binary));
    records.write("token", SecretString("written"), nullptr);
    const SecretRecords after = reopened(records.encode());
    EXPECT_EQ(answer(after, "alice"), "hunter2");
    EXPECT_EQ(answer(after, long_name.c_str()), large);
    EXPECT_EQ(answer(after, "binary"), binary);
    EXPECT_EQ(answer(after, "token"), "written");
    EXPECT_EQ(answer(after, "bob"), "(nothing)");
    ASSERT_EQ(after.list().size(), 4U);
    EXPECT_TRUE(after.list()[0].supplied);
    EXPECT_FALSE(after.list()[0].written);
    EXPECT_TRUE(after.list()[3].written);
    EXPECT_FALSE(after.list()[3].supplied);
}

TEST(Records, ShowNothingWithoutTheKey) {
    SecretRecords records = empty();
    records.supply("canary-name", SecretString("canary-value"));
    const std::string one = records.encode(), two = records.encode();
    EXPECT_THAT(one, Not(HasSubstr("canary")));
    EXPECT_NE(one.substr(136), two.substr(136));
    EXPECT_FALSE(fits(keys('o'), one));
    EXPECT_TRUE(fits(keys(), one));
}

TEST(Records, AreRefusedAfterAnyChangeOfAByte) {
    SecretRecords records = empty();
    records.supply("alice", SecretString("hunter2"));
    const std::string file = records.encode();
    for (std::size_t at = 0; at < file.size(); ++at) {
        std::string changed = file;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_NE(fault_of([&] { (void)reopened(changed); }), "none") << at;
        EXPECT_NE(fault_of([&] { (void)reopened(file.substr(0, at)); }), "none") << at;
    }
    EXPECT_THAT(fault_of([&] { (void)reopened(file + "x"); }), HasSubstr("damaged"));
    EXPECT_THAT(fault_of([&] { (void)reopened("some text that is no store"); }),
                HasSubstr("no store of secrets"));
}

TEST(Records, AreRefusedAfterAChangeByWhoeverKnowsTheFormatButNotTheKey) {
    SecretRecords records = empty();
    records.supply("alice", SecretString("hunter2"));
    const std::string file = records.encode();
    for (const std::size_t at :
         {std::size_t{96}, std::size_t{104}, std::size_t{112}, std::size_t{136}, file.size() - 33}) {
        std::string changed = file;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        const std::size_t end = changed.size() - 32;  // the checksum is made right again
        crypto_generichash(reinterpret_cast<unsigned char*>(changed.data()) + end, 32,
                           reinterpret_cast<const unsigned char*>(changed.data()), end, nullptr, 0);
        EXPECT_THAT(fault_of([&] { (void)reopened(changed); }), HasSubstr("without its key")) << at;
    }
}

TEST(Records, DoNotTakeAValueOfAnotherNameOrStoreOrTime) {
    SecretRecords records = empty();
    records.supply("alice", SecretString("of alice"));
    records.supply("carol", SecretString("of carol"));
    const std::string file = records.encode();
    SecretHeader header = read_header(file);
    std::string content(open_box(keys(), file).reveal());

    std::string swapped = content;  // the names change places, what is sealed stays
    swapped.replace(swapped.find("alice"), 5, "carol");
    swapped.replace(swapped.rfind("carol"), 5, "alice");
    const SecretRecords exchanged = reopened(close_box(keys(), header, swapped));
    EXPECT_NE(fault_of([&] { (void)exchanged.answer("alice", nullptr); }), "none");

    std::string older = content;  // a version that it was not sealed with
    older[older.find("alice") + 6] = 9;
    const SecretRecords aged = reopened(close_box(keys(), header, older));
    EXPECT_NE(fault_of([&] { (void)aged.answer("alice", nullptr); }), "none");
    EXPECT_EQ(answer(aged, "carol"), "of carol");

    SecretHeader other = fresh_header(KeyKind::key, {});  // with the same key
    const SecretRecords moved = reopened(close_box(keys(), other, content));
    EXPECT_NE(fault_of([&] { (void)moved.answer("alice", nullptr); }), "none");
}

TEST(Records, CountTheirGenerations) {
    SecretRecords records = empty();
    EXPECT_EQ(read_header(records.encode()).generation, 1U);
    EXPECT_EQ(read_header(records.encode()).generation, 2U);
    SecretRecords later = reopened(records.encode());
    EXPECT_EQ(read_header(later.encode()).generation, 4U);
}

TEST(WrittenValue, ComesFirstUntilTheStoredOneChanges) {
    SecretRecords records = empty();
    records.supply("token", SecretString("one"));
    records.write("token", SecretString("renewed"), nullptr);
    EXPECT_EQ(answer(records, "token"), "renewed");
    records.supply("token", SecretString("one"));  // no change
    EXPECT_EQ(answer(records, "token"), "renewed");
    records.supply("token", SecretString("two"));
    EXPECT_EQ(answer(records, "token"), "two");
    records.supply("token", SecretString("one"));  // what was dropped does not come back
    EXPECT_EQ(answer(records, "token"), "one");
}

TEST(WrittenValue, ComesFirstUntilTheOneFromElsewhereChanges) {
    SecretRecords records = empty();
    const SecretString one("one"), two("two");
    records.write("token", SecretString("renewed"), &one);
    EXPECT_EQ(answer(records, "token", "one"), "renewed");
    EXPECT_FALSE(records.stale("token", &one));
    EXPECT_EQ(answer(records, "token", "two"), "(nothing)");
    EXPECT_TRUE(records.stale("token", &two));
    // Whoever has no value from elsewhere gets the written one, and a stored one does not end it.
    EXPECT_EQ(answer(records, "token"), "renewed");
    records.supply("token", SecretString("stored"));
    EXPECT_EQ(answer(records, "token"), "stored");
    EXPECT_FALSE(records.stale("token", nullptr));
    EXPECT_EQ(answer(records, "token", "one"), "renewed");
    records.supply("token", SecretString("one"));  // the same value at another place
    EXPECT_EQ(answer(records, "token"), "renewed");
}

TEST(WrittenValue, OfANameThatNobodySuppliedEndsWhenSomebodyDoes) {
    SecretRecords records = empty();
    records.write("token", SecretString("written"), nullptr);
    EXPECT_EQ(answer(records, "token"), "written");
    records.supply("token", SecretString("supplied"));
    EXPECT_EQ(answer(records, "token"), "supplied");
    EXPECT_FALSE(records.forget_written("token", nullptr));
}

TEST(WrittenValue, HasAPlaceOfItsOwnForEachSource) {
    SecretRecords records = empty();
    const SecretString one("one");
    records.write("token", SecretString("for nothing"), nullptr);
    records.write("token", SecretString("for one"), &one);
    EXPECT_EQ(answer(records, "token"), "for nothing");
    EXPECT_EQ(answer(records, "token", "one"), "for one");
    records.supply("token", SecretString("stored"));
    records.write("token", SecretString("for stored"), nullptr);
    const SecretRecords after = reopened(records.encode());
    EXPECT_EQ(answer(after, "token"), "for stored");
    EXPECT_EQ(answer(after, "token", "one"), "for one");
    EXPECT_TRUE(records.forget_written("token", nullptr));
    EXPECT_EQ(answer(records, "token"), "stored");
    EXPECT_EQ(answer(records, "token", "one"), "for one");
    EXPECT_TRUE(records.forget_written("token", &one));
    EXPECT_EQ(answer(records, "token", "one"), "(nothing)");
}

TEST(WrittenValue, GoesOnFromTheEnvironmentToProcessesWithoutItAndBack) {
    SecretRecords records = empty();
    const SecretString one("one");
    records.write("token", SecretString("first"), &one);
    EXPECT_EQ(answer(records, "token"), "first");
    records.write("token", SecretString("second"), nullptr);
    EXPECT_EQ(answer(records, "token", "one"), "second");
}

TEST(WrittenValue, ShowsInTheHeaderThatItIsThere) {
    SecretRecords records = empty();
    records.supply("token", SecretString("supplied"));
    EXPECT_FALSE(read_header(records.encode()).written);
    records.write("token", SecretString("written"), nullptr);
    EXPECT_TRUE(read_header(records.encode()).written);
    records.forget_written("token", nullptr);
    EXPECT_FALSE(read_header(records.encode()).written);
}

TEST(Records, AreRefusedWhenADefectWroteThem) {
    SecretRecords records = empty();
    records.supply("alice", SecretString("hunter2"));
    const std::string file = records.encode();
    SecretHeader header = read_header(file);
    const std::string content(open_box(keys(), file).reveal());
    const auto refused = [&](const std::string& changed) {
        const std::string made = close_box(keys(), header, changed);
        return fault_of([&] { (void)reopened(made); });
    };
    EXPECT_EQ(refused(content), "none");
    EXPECT_THAT(refused(content + content), HasSubstr("a name twice"));
    for (const char roles : {'\0', '\x11', '\xff'}) {
        std::string changed = content;
        changed[6] = roles;
        EXPECT_THAT(refused(changed), HasSubstr("unknown kind"));
    }
    EXPECT_THAT(refused(content.substr(0, content.size() - 1)), HasSubstr("incomplete"));
}

TEST(WrittenValue, CanBeForgotten) {
    SecretRecords records = empty();
    records.supply("token", SecretString("supplied"));
    records.write("token", SecretString("written"), nullptr);
    EXPECT_TRUE(records.forget_written("token", nullptr));
    EXPECT_EQ(answer(records, "token"), "supplied");
    EXPECT_TRUE(records.remove("token"));
    EXPECT_FALSE(records.remove("token"));
    records.write("token", SecretString("written"), nullptr);
    EXPECT_TRUE(records.forget_written("token", nullptr));
    EXPECT_TRUE(records.list().empty());
}

TEST(Records, HaveBounds) {
    SecretRecords records = empty();
    for (std::size_t i = 0; i < most_secrets; ++i) records.supply(std::to_string(i), SecretString("v"));
    EXPECT_THAT(fault_of([&] { records.supply("one-more", SecretString("v")); }), HasSubstr("is full"));
    EXPECT_EQ(reopened(records.encode()).list().size(), most_secrets);
    SecretRecords large = empty();
    const SecretString value(std::string(largest_secret, 'v'));
    for (int i = 0; i < 300; ++i) large.supply(std::to_string(i), value);
    EXPECT_THAT(fault_of([&] { (void)large.encode(); }), HasSubstr("larger than 16 MiB"));
}

TEST(SecretNames, ThatCanBeStored) {
    for (const char* good : {"a", "alice.mail_2-X", "."}) EXPECT_TRUE(storable_name(good)) << good;
    for (const char* bad : {"", "a b", "a/b", "日報", "a\n"}) EXPECT_FALSE(storable_name(bad)) << bad;
    EXPECT_FALSE(storable_name(std::string(129, 'a')));
}

}  // namespace
}  // namespace wfc
