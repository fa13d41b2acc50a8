#include "tool/explained_text.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tool/text_columns.hpp"

namespace wfc::tool {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

json document() {
    return json::parse(R"({"explained":{"id":"door.locked","stage":"enter","retry":{"advice":"after-fix"},
        "explanation":{"title":"The door is locked","cause":"Nobody opened it.","steps":["Find the key.","Turn it."],
        "actor":"neighbour","link":"https://example.test/a-rather-long-address-that-somebody-wants-to-copy-as-it-is"}}})");
}

std::string shown(const json& shown_document, std::string_view language = "en", std::size_t columns = 80) {
    const ComponentTexts texts(
        Texts{{"report/actor.neighbour", "the neighbour"}, {"report/stage.enter", "Going in"}});
    return explained_text(shown_document.dump(-1, ' ', false, json::error_handler_t::replace), texts,
                          language, Screen{columns, true, false}, Style(false));
}

TEST(ExplainedText, SaysWhatHappenedWhatToDoWhoMustActAndWhetherToTryAgain) {
    EXPECT_EQ(
        shown(document()),
        "The door is locked\nNobody opened it.\n\n1. Find the key.\n2. Turn it.\n\n"
        "Step          Going in\nWho must act  the neighbour\nTry again     after the steps above\n"
        "More          https://example.test/a-rather-long-address-that-somebody-wants-to-copy-as-it-is\n"
        "Id            door.locked\n");
}

TEST(ExplainedText, SpeaksJapanese) {
    EXPECT_THAT(shown(document(), "ja"), HasSubstr("対応する人    the neighbour\n"));
}

TEST(ExplainedText, FitsANarrowScreenButForAddresses) {
    json long_one = document();
    long_one["explained"]["explanation"]["cause"] = std::string(40, 'x') + " " + std::string(300, 'y');
    std::string text = shown(long_one, "en", 40);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        const std::string line = text.substr(at, end - at);
        if (line.find("https://") == line.npos) {
            EXPECT_LE(columns(line), 40u) << line;
        }
        at = end + 1;
    }
}

TEST(ExplainedText, SaysWhenToTryAgain) {
    const std::pair<json, const char*> rows[] = {
        {{{"advice", "never"}}, "no, it would end the same way, or worse"},
        {{{"advice", "after"}, {"delay_ms", 300000}}, "yes, in 5 min"},
        {{{"advice", "backoff"}}, "yes, later"},
        {{{"advice", "of-another-day"}}, "of-another-day"}};
    for (const auto& [retry, words] : rows) {
        json one = document();
        one["explained"]["retry"] = retry;
        EXPECT_THAT(shown(one), HasSubstr(std::string("Try again     ") + words + "\n"));
    }
}

TEST(ExplainedText, TakesWhateverAComponentWrites) {
    for (const char* text : {R"({})", R"([])", R"({"explained":1})", R"({"explained":{}})",
                             R"({"explained":{"explanation":[]}})"})
        EXPECT_EQ(shown(json::parse(text)), "") << text;
    json odd = document();
    odd["explained"]["explanation"]["steps"] = {1, "a\nb\x1b[31m", nullptr};
    odd["explained"]["retry"] = 5;
    odd["explained"]["explanation"]["actor"] = {};
    EXPECT_THAT(shown(odd), HasSubstr("1. a"));
    EXPECT_THAT(shown(odd), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace wfc::tool
