#include "flow/zone.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <limits>
#include <stdexcept>
#include <stdlib.h>
#include <string>

#include "flow/zone_rules.hpp"
#include "support/scratch.hpp"

namespace wfc::flow {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string refusal(std::string_view name) {
    try {
        const Zone zone(name);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Zone, TextHasTheOffsetOfItsInstant) {
    EXPECT_EQ(Zone("Asia/Tokyo").text(1'795'392'000), "2026-11-23T09:00:00+09:00");
    EXPECT_EQ(Zone("UTC").text(1'795'392'000), "2026-11-23T00:00:00+00:00");
    EXPECT_EQ(Zone("America/New_York").text(1'795'392'000), "2026-11-22T19:00:00-05:00");
    EXPECT_EQ(Zone("America/St_Johns").text(1'795'392'007), "2026-11-22T20:30:07-03:30");
    EXPECT_EQ(Zone("US/Eastern").text(1'783'000'000), "2026-07-02T09:46:40-04:00") << "old names stay";
}

TEST(Zone, SummerTimeGoesOnAfterTheLastChangeThatTheFileLists) {
    const Zone berlin("Europe/Berlin");
    EXPECT_EQ(berlin.text(2'161'663'200), "2038-07-02T08:00:00+02:00");
    EXPECT_EQ(berlin.text(2'161'663'200 + 184 * 86'400), "2039-01-02T07:00:00+01:00");
    EXPECT_EQ(Zone("America/New_York").text(4'086'000'000), "2099-06-24T12:00:00-04:00");
    EXPECT_EQ(Zone("Australia/Lord_Howe").text(2'161'663'200), "2038-07-02T16:30:00+10:30");
    EXPECT_EQ(Zone("America/Nuuk").text(2'161'663'200), "2038-07-02T05:00:00-01:00")
        << "its rule begins at -1 o'clock";
    EXPECT_EQ(Zone("Europe/Dublin").text(2'161'663'200), "2038-07-02T07:00:00+01:00")
        << "its rule has winter time as the exception";
    EXPECT_EQ(Zone("Asia/Tokyo").text(4'086'000'000), "2099-06-25T01:00:00+09:00");
}

TEST(Zone, UtcNeedsNoDatabase) {
    for (const char* name : {"UTC", "Etc/UTC"}) {
        EXPECT_EQ(Zone(name).rules().zone, nullptr);
        EXPECT_EQ(Zone(name).text(4'086'000'000), "2099-06-24T16:00:00+00:00");
    }
}

TEST(Zone, TextStaysWithinTheYearsOfFourDigits) {
    const Zone zone("Asia/Tokyo");
    EXPECT_EQ(zone.text(std::numeric_limits<std::int64_t>::max()), "9999-12-31T23:59:59+09:00");
    EXPECT_THAT(zone.text(std::numeric_limits<std::int64_t>::min()), HasSubstr("0000-01-01T"));
}

TEST(Zone, AnUnknownNameIsRefusedWithTheNearest) {
    EXPECT_EQ(refusal("Asia/Tokio"),
              "\"Asia/Tokio\" is no time zone known here; did you mean \"Asia/Tokyo\"?");
    EXPECT_THAT(refusal("asia/tokyo"), HasSubstr("did you mean \"Asia/Tokyo\"?"));
    EXPECT_THAT(refusal("Berlin"), HasSubstr("did you mean \"Europe/Berlin\"?"));
    EXPECT_THAT(refusal("the office's time"), HasSubstr("write a name such as \"Europe/Berlin\" or \"UTC\""));
    EXPECT_THAT(refusal(""), HasSubstr("\"\" is no time zone"));
    EXPECT_THAT(refusal("../../etc/passwd"), HasSubstr("is no time zone"));
    EXPECT_THAT(refusal("JST-9"), HasSubstr("is no time zone"));
    EXPECT_THAT(refusal(std::string(100'000, 'x')), HasSubstr("is no time zone"));
}

TEST(Zone, AContinentIsRefusedWithOneOfItsZones) {
    EXPECT_EQ(refusal("Europe"),
              "\"Europe\" is no time zone known here; write one of its zones, such as \"Europe/Amsterdam\"");
    EXPECT_THAT(refusal("america/argentina/"), HasSubstr("such as \"America/Argentina/Buenos_Aires\""));
}

TEST(Zone, WhatStandsForAnotherZoneIsRefused) {
    for (const char* name : {"localtime", "posixrules"}) {
        EXPECT_THAT(refusal(name), HasSubstr("write a name such as \"Europe/Berlin\" or \"UTC\"")) << name;
    }
    EXPECT_THAT(refusal("localtim"), testing::Not(HasSubstr("localtime")));
}

/// A folder with what stands for /etc/localtime.
class MachineZone : public testing::Test {
  protected:
    fs::path localtime() const { return scratch_ / "localtime"; }

    wfc::test::Scratch scratch_;
};

TEST_F(MachineZone, IsThatOfTheVariableFirst) {
    fs::create_symlink("/usr/share/zoneinfo/Europe/Berlin", localtime());
    EXPECT_EQ(machine_zone("Asia/Tokyo", localtime()), "Asia/Tokyo");
    EXPECT_EQ(machine_zone(":Asia/Tokyo", localtime()), "Asia/Tokyo");
    EXPECT_EQ(machine_zone(":/usr/share/zoneinfo/Asia/Tokyo", localtime()), "Asia/Tokyo");
    EXPECT_EQ(machine_zone("", localtime()), "UTC") << "as the C library reads it";
    EXPECT_EQ(machine_zone("JST-9", localtime()), "JST-9")
        << "and Zone refuses it: it would be the wrong hour";
}

TEST_F(MachineZone, IsOtherwiseWhereTheLinkLeads) {
    fs::create_symlink("/usr/share/zoneinfo/Europe/Berlin", localtime());
    EXPECT_EQ(machine_zone(nullptr, localtime()), "Europe/Berlin");
    fs::create_symlink(localtime(), scratch_ / "again");
    EXPECT_EQ(machine_zone(nullptr, scratch_ / "again"), "Europe/Berlin");
}

TEST_F(MachineZone, IsWhereTheLinkLeadsIfTheVariableNamesTheLink) {
    fs::create_symlink("/usr/share/zoneinfo/Europe/Berlin", localtime());
    EXPECT_EQ(machine_zone((":" + localtime().string()).c_str(), localtime()), "Europe/Berlin");
    EXPECT_EQ(machine_zone("localtime", localtime()), "Europe/Berlin");
}

TEST_F(MachineZone, IsTheNameBesideACopiedFile) {
    std::ofstream(localtime()) << "TZif";
    std::ofstream(scratch_ / "timezone") << "Asia/Tokyo\n";
    EXPECT_EQ(machine_zone(nullptr, localtime()), "Asia/Tokyo");
}

TEST_F(MachineZone, IsUtcWhereNothingSays) {
    EXPECT_EQ(machine_zone(nullptr, localtime()), "UTC");
    std::ofstream(localtime()) << "TZif";
    EXPECT_EQ(machine_zone(nullptr, localtime()), "UTC");
}

TEST(Zone, OfTheMachineIsRefusedWhereItsVariableNamesNone) {
    const char* before = getenv("TZ");
    const std::string kept = before == nullptr ? "" : before;
    setenv("TZ", "Europe/Berlin", 1);
    EXPECT_EQ(Zone::machine().name(), "Europe/Berlin");
    setenv("TZ", "JST-9", 1);
    try {
        Zone::machine();
        ADD_FAILURE() << "accepted";
    } catch (const std::invalid_argument& error) {
        EXPECT_THAT(error.what(), HasSubstr("\"JST-9\" is no time zone known here"));
        EXPECT_THAT(error.what(), HasSubstr("TZ or /etc/localtime"));
    }
    before == nullptr ? unsetenv("TZ") : setenv("TZ", kept.c_str(), 1);
}

}  // namespace
}  // namespace wfc::flow
