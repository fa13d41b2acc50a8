// Ten thousand replies that nobody has thought of: all get a class and a text.
#include <gtest/gtest.h>
#include <random>

#include "diagnosis/diagnosis.hpp"

namespace mailsend {
namespace {

class Generator {
  public:
    Facts facts() {
        Facts out;
        out.stage = static_cast<Stage>(below(static_cast<int>(Stage::host) + 1));
        const int code = 200 + below(400);
        const int lines = below(10) == 0 ? 1 + below(100) : 1 + below(3);
        Reply reply{code, {}};
        for (int i = 0; i < lines; ++i) {
            reply.lines.push_back(std::to_string(code) + (i + 1 < lines ? '-' : ' ') + status() + words());
        }
        out.reply = std::move(reply);
        out.provider = one_of({"", "gmail", "microsoft365", "outlook", "sendgrid", "aliyun-directmail", "ses",
                               "yahoo", "icloud", "zoho", "mailgun", "sakura", "no-such-provider"});
        for (const char* name : {"host", "port", "user", "greeting", "server_name", "proof", "mechanism",
                                 "oauth_error", "aadsts", "retry_after_s", "api_code", "names", "seconds"}) {
            if (below(4) == 0) out.details[name] = below(3) == 0 ? std::to_string(below(100000)) : words();
        }
        if (below(20) == 0) out.condition = one_of({"conn.refused", "token.refused", "no.such", "{host}"});
        if (below(20) == 0) out.cause = std::make_shared<const Facts>(facts());
        return out;
    }

  private:
    int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
    std::string one_of(std::initializer_list<const char*> words) {
        return words.begin()[below(static_cast<int>(words.size()))];
    }
    std::string status() {
        if (below(2) == 0) return "";
        return std::to_string(below(7)) + '.' + std::to_string(below(12)) + '.' +
               std::to_string(below(1200)) + ' ';
    }
    std::string words() {
        std::string out;
        for (int i = below(14); i > 0; --i) {
            if (below(6) == 0) {
                for (int j = below(12); j > 0; --j) out += static_cast<char>(below(256));
            } else {
                out += one_of({"user",
                               "unknown",
                               "relay",
                               "denied",
                               "spam",
                               "blocked",
                               "quota",
                               "try again",
                               "in 5 minutes",
                               "authentication",
                               "failed",
                               "policy",
                               "- gsmtp",
                               "{host}",
                               "[x]",
                               "mailbox",
                               "full",
                               "wait",
                               "99999999999 seconds",
                               "%s%n",
                               "\xE5\xAE\x9B",
                               "AADSTS50126",
                               "https://example.test/"});
            }
            out += ' ';
        }
        return out;
    }

    std::mt19937 random_{20261122};  // NOLINT(cert-msc51-cpp): the same replies every time
};

/// What the texts of the catalogue may leave behind: nothing of their places. Values hold what they hold.
void expect_an_explanation(const Facts& facts, Language language) {
    const Diagnosis diagnosis = diagnose(facts, language);
    EXPECT_FALSE(diagnosis.id.empty());
    EXPECT_FALSE(to_string(diagnosis.error_class).empty());
    EXPECT_FALSE(diagnosis.explanation.title.empty()) << diagnosis.id;
    EXPECT_FALSE(diagnosis.explanation.cause.empty()) << diagnosis.id;
    EXPECT_FALSE(diagnosis.explanation.steps.empty()) << diagnosis.id;
    const bool waits = diagnosis.advice == Advice::backoff || diagnosis.advice == Advice::after;
    EXPECT_EQ(diagnosis.delay.has_value(), waits) << diagnosis.id;
    if (diagnosis.delay) {
        EXPECT_GE(diagnosis.delay->count(), 1000) << diagnosis.id;
        EXPECT_LE(diagnosis.delay->count(), 86'400'000) << diagnosis.id;
    }
}

TEST(GeneratedReplies, AllGetAClassAndATextInBothLanguages) {
    Generator generator;
    for (int i = 0; i < 10'000; ++i) {
        const Facts facts = generator.facts();
        for (const Language language : {Language::en, Language::ja}) {
            EXPECT_NO_THROW(expect_an_explanation(facts, language)) << facts.reply->words();
        }
        EXPECT_EQ(diagnose(facts, Language::en).id, diagnose(facts, Language::ja).id);
    }
}

}  // namespace
}  // namespace mailsend
