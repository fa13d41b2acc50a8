#include "transport_troubles/trouble.hpp"

#include <algorithm>

namespace test {
namespace {

constexpr const char* every_message = "MailSend: failed to send mail: ";

/// Kana and kanji begin with these bytes in UTF-8.
bool is_japanese(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0xe3 && byte <= 0xe9;
    });
}

std::string all_words(const nlohmann::json& explanation) {
    std::string words = explanation.value("title", "") + "\n" + explanation.value("cause", "");
    for (const auto& step : explanation.value("steps", nlohmann::json::array())) {
        words += "\n" + step.get<std::string>();
    }
    return words;
}

}  // namespace

nlohmann::json TransportTrouble::ends(const Trouble& expected, const nlohmann::json& settings,
                                      const std::string& operation, const std::string& input) {
    nlohmann::json english;
    for (const char* language : {"en", "ja"}) {
        nlohmann::json spoken = settings;
        spoken["language"] = language;
        mail_send_.configure(spoken);
        wfc::testhost::TestCall call(operation, input);
        const wfc_status status = mail_send_.component.invoke(*call.table());
        const auto document = nlohmann::json::parse(call.result(), nullptr, false);
        EXPECT_TRUE(document.is_object()) << "status " << status << ": " << call.result();
        if (!document.is_object()) return {};
        told_in(language, expected, document);
        if (english.is_null()) english = document;
    }
    return english;
}

void TransportTrouble::told_in(const std::string& language, const Trouble& expected,
                               const nlohmann::json& document) {
    SCOPED_TRACE(language + ": " + document.dump(1));
    const nlohmann::json error = document.value("error", nlohmann::json::object());
    EXPECT_EQ(document.value("outcome", ""), expected.error_class == "unknown" ? "unknown" : "failed");
    EXPECT_EQ(error.value("id", ""), expected.id);
    EXPECT_EQ(error.value("stage", ""), expected.stage);
    EXPECT_EQ(error.value("class", ""), expected.error_class);
    EXPECT_EQ(error.value("/retry/advice"_json_pointer, ""), expected.advice);
    EXPECT_EQ(error.value("/explanation/actor"_json_pointer, ""), expected.actor);
    EXPECT_EQ(error.value("/retry/delay_ms"_json_pointer, 0) > 0, expected.advice == "backoff");
    EXPECT_THAT(error.value("message", ""), testing::StartsWith(every_message + expected.message));

    const nlohmann::json explanation = error.value("explanation", nlohmann::json::object());
    EXPECT_NE(explanation.value("title", ""), "");
    EXPECT_NE(explanation.value("cause", ""), "");
    EXPECT_FALSE(explanation.value("steps", nlohmann::json::array()).empty());
    EXPECT_EQ(is_japanese(explanation.value("title", "")), language == "ja");
    const std::string words = all_words(explanation);
    EXPECT_THAT(words, testing::Not(testing::ContainsRegex("[{}]"))) << "a blank was left open";
    for (const std::string& fact : expected.told) {
        EXPECT_THAT(error.value("message", "") + "\n" + words, testing::HasSubstr(fact));
    }
}

void TransportTrouble::play(const std::string& script, inbox::Offers offers) {
    inbox_.reset();
    inbox::Options options;
    options.store = scratch_ / "store";
    options.tls_port = 0;
    options.script = scratch_ / "script";
    options.offers = std::move(offers);
    std::ofstream(options.script) << script;
    inbox_.emplace(std::move(options));
    mail_send_.host.file("ca.pem", {.bytes = inbox_->ca_pem()});
    mail_send_.host.secret("alice", "secret");
}

nlohmann::json TransportTrouble::without_login(const std::string& host, std::uint16_t port,
                                               const std::string& security) {
    nlohmann::json out = LoadedMailSend::in_clear(port);
    out["server"]["host"] = host;
    out["server"]["security"] = security;
    return out;
}

nlohmann::json TransportTrouble::hasty(nlohmann::json settings, const std::string& member) {
    settings["timeouts"][member] = "1s";
    return settings;
}

}  // namespace test
