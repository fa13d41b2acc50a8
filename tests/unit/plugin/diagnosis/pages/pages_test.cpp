#include "diagnosis/pages/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>

namespace mailsend::diagnosis::pages {
namespace {

using compiler::Source;
using testing::HasSubstr;
using testing::Not;

/// A catalogue of one entry, `match` and texts as given.
Source source(const std::string& match, const std::string& cause, const std::string& step,
              const std::string& file = "gmail.json") {
    return compiler::read_source([=](const std::string& name) -> std::string {
        if (name == "catalogue.json") {
            return R"({"format": 1, "files": [")" + file + R"("],
              "providers": [{"id": "gmail", "greeting": "gsmtp"}],
              "words": {"en": {"host": "the server", "stage.rcpt": "recipient", "stage.dot": "end"},
                        "ja": {"host": "サーバー", "stage.rcpt": "宛先", "stage.dot": "完了"}}})";
        }
        const std::string wording =
            R"({"title": "A_title *here*", "cause": ")" + cause + R"(", "steps": [")" + step + R"("]})";
        return R"({"format": 1, "entries": [{"id": "gmail.rcpt.unknown", "match": )" + match +
               R"(, "class": "transient", "retry": {"advice": "backoff", "delay_ms": 300000}, "actor": "sender",
                 "link": "https://a.example/b", "source": "x", "verified": "official", "en": )" +
               wording + R"(, "ja": )" + wording + "}]}";
    });
}

std::string page_of(const Source& source, Language language = Language::en) {
    return page(source, language, [](std::string_view actor) { return "<" + std::string(actor) + ">"; });
}

TEST(PagesOfTheCatalogue, SayAllThatIsKnownOfAnEntry) {
    const Source one = source(
        R"json({"stage": ["rcpt", "dot"], "provider": "gmail", "code": ["550", "4yz"], "enhanced": ["X.1.1", "5.7.1-5.7.9"],
            "text": "no such (user|box)"})json",
        "Because.", "Do it.");
    const std::string page = page_of(one);
    EXPECT_THAT(
        page,
        HasSubstr("### <a id=\"gmail.rcpt.unknown\"></a>A_title \\*here\\*\n\n`gmail.rcpt.unknown` · "));
    EXPECT_THAT(page, HasSubstr("· code: `550`, `4yz` · enhanced status: `X.1.1`, `5.7.1`–`5.7.9` · "
                                "stage: recipient, end · words: `no such user`, `no such box`\n"));
    EXPECT_THAT(page, HasSubstr("server: Gmail and Google Workspace (SMTP) ·"));
    EXPECT_THAT(page, HasSubstr("\n\nBecause.\n\n1. Do it.\n\n**Who must act:** \\<sender>\\\n"
                                "**Try again?** Yes, after 5 minutes, then with pauses that grow.\\\n"
                                "**More:** <https://a.example/b>\n"));
}

TEST(PagesOfTheCatalogue, LeadFromTheContentsToEachFile) {
    const std::string page = page_of(source("{}", "Because.", "Do it."));
    EXPECT_THAT(page, HasSubstr("* [Gmail and Google Workspace (SMTP)](#about-gmail) (1)\n"));
    EXPECT_THAT(page, HasSubstr("## <a id=\"about-gmail\"></a>Gmail and Google Workspace (SMTP)\n"));
    EXPECT_THAT(page, HasSubstr("whatever nothing else explains"));
}

TEST(PagesOfTheCatalogue, WordValuesThatOnlyAFailureKnows) {
    const std::string both = "{host}[, port {port},] said no (step: {stage}).";
    const Source one = source(R"({"stage": ["rcpt", "dot"]})", both, "[Look at {address}.]");
    EXPECT_THAT(page_of(one), HasSubstr("The server said no (step: recipient / end).\n\n1. Look at ….\n"));
    EXPECT_THAT(page_of(one, Language::ja), HasSubstr("サーバー said no (step: 宛先・完了)."));
    EXPECT_THAT(page_of(source("{}", both, "Do it.")), HasSubstr("said no (step: …)."));
}

TEST(PagesOfTheCatalogue, ShowTheValueThatAnEntryDemands) {
    const Source one = source(R"({"condition": "token.refused", "details": {"aadsts": "^50076$"}})",
                              "Because[ (AADSTS{aadsts})].", "Do it.");
    EXPECT_THAT(page_of(one), HasSubstr("observed by MailSend: `token.refused` · AADSTS number: `50076`\n"));
    EXPECT_THAT(page_of(one), HasSubstr("Because (AADSTS50076).\n"));
}

TEST(PagesOfTheCatalogue, AreTheSameForTheSameSource) {
    EXPECT_EQ(page_of(source("{}", "Because.", "Do it.")), page_of(source("{}", "Because.", "Do it.")));
    EXPECT_THAT(page_of(source("{}", "Because.", "Do it.")), Not(HasSubstr("%N")));
}

TEST(PagesOfTheCatalogue, NeedAHeadingForEveryFile) {
    EXPECT_THROW(page_of(source("{}", "Because.", "Do it.", "postman.json")), std::runtime_error);
}

}  // namespace
}  // namespace mailsend::diagnosis::pages
