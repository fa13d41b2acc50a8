#include "flow/zone_names.hpp"

#include <gmock/gmock.h>
#include <string>
#include <vector>

namespace wfc::flow {
namespace {

using testing::HasSubstr;

const std::vector<std::string> known = {"Africa/Tunis", "Eire", "Europe/Berlin", "Europe/Paris", "UTC"};

TEST(ZoneNames, WithoutAnyTheDatabaseIsMissing) {
    for (const char* name : {"Asia/Tokyo", "Europe", "localtime", ""}) {
        EXPECT_EQ(
            unknown_zone(name, {}),
            "\"" + std::string(name) +
                "\" is no time zone known here: the machine has no time zone database (package tzdata)");
    }
}

TEST(ZoneNames, AFolderOfTheDatabaseIsAnsweredWithAZoneInIt) {
    for (const char* name : {"Europe", "europe", "Europe/"}) {
        EXPECT_THAT(unknown_zone(name, known),
                    HasSubstr("; write one of its zones, such as \"Europe/Berlin\""));
    }
    EXPECT_THAT(unknown_zone("Europ", known), testing::Not(HasSubstr("one of its zones")));
    EXPECT_THAT(unknown_zone("/", known), HasSubstr("write a name such as"));
}

TEST(ZoneNames, ASlipOfTheHandIsAnsweredWithTheNearest) {
    EXPECT_THAT(unknown_zone("Europe/Berln", known), HasSubstr("did you mean \"Europe/Berlin\"?"));
    EXPECT_THAT(unknown_zone("paris", known), HasSubstr("did you mean \"Europe/Paris\"?"));
    EXPECT_THAT(unknown_zone("the office", known),
                HasSubstr("write a name such as \"Europe/Berlin\" or \"UTC\""));
}

}  // namespace
}  // namespace wfc::flow
