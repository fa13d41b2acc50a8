#include "host/host_document.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wfc {
namespace {

TEST(HostDocument, SaysWhatHappenedInTheWordsOfTheContract) {
    const auto document = nlohmann::json::parse(
        host_document("unknown", {"host.run_cut", "host", "unknown", "never"}, "It was cut."));
    EXPECT_EQ(document, nlohmann::json::parse(R"({"format":1,"outcome":"unknown","error":{"id":"host.run_cut",
        "stage":"host","class":"unknown","retry":{"advice":"never"},"message":"It was cut."}})"));
}

TEST(HostDocument, IsSoundJsonWhateverTheSentenceHolds) {
    const auto document =
        nlohmann::json::parse(host_document("failed", {"host.defect"}, "a \"quote\", a \n and \xff"));
    EXPECT_EQ(document["error"]["message"], "a \"quote\", a \n and \xEF\xBF\xBD");
    EXPECT_EQ(document["error"]["class"], "permanent");
}

}  // namespace
}  // namespace wfc
