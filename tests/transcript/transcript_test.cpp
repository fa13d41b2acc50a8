// Every .smtp file beside this one, played against the component that a host would load.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>
#include <thread>

#include "inbox/certificates.hpp"
#include "loader/loader.hpp"
#include "testhost/testhost.hpp"
#include "transcript/compare.hpp"
#include "transcript/player.hpp"
#include "transcript/variants.hpp"

namespace transcript {
namespace {

using nlohmann::json;

/// Stems of the .smtp files, sorted.
std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(SOURCE_DIR "/tests/transcript")) {
        if (entry.path().extension() == ".smtp") found.push_back(entry.path().stem());
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// `{port}` in a string of the settings is where the transcript is played.
void fill_in(json& value, const std::string& port) {
    if (value.is_string()) {
        auto& text = value.get_ref<std::string&>();
        constexpr std::string_view place = "{port}";
        if (const std::size_t at = text.find(place); at != std::string::npos)
            text.replace(at, place.size(), port);
    } else if (value.is_structured()) {
        for (json& member : value) fill_in(member, port);
    }
}

/// What every transcript starts from; `settings:` and `input:` are merged over it (RFC 7396).
json settings_for(const Transcript& transcript, std::uint16_t port) {
    json settings = json::parse(R"({
        "server": {"kind": "custom", "host": "localhost", "security": "none"},
        "auth": {"method": "none"},
        "from": "Alice <alice@example.test>",
        "network": {"ehlo_name": "client.example.test"},
        "timeouts": {"connect": "5s", "greeting": "5s", "command": "5s", "data": "5s"},
        "delivery": {"attempts": 1}})");
    settings["server"]["port"] = port;
    settings.merge_patch(transcript.settings);
    fill_in(settings, std::to_string(port));
    if (settings["server"]["security"] != "none") {
        settings.merge_patch(
            {{"tls", {{"ca_file", transcript.settings.value("/tls/ca_file"_json_pointer, "ca.pem")}}}});
    }
    return settings;
}

json input_for(const Transcript& transcript) {
    if (transcript.operation != "send" && transcript.operation != "preview") return transcript.input;
    json input = json::parse(R"({"to": ["bob@example.test"], "subject": "Hello", "text": "Hello Bob\n"})");
    input.merge_patch(transcript.input);
    return input;
}

std::string_view to_string(wfc_status status) {
    switch (status) {
        case WFC_OK:
            return "ok";
        case WFC_FAILED:
            return "failed";
        case WFC_CANCELLED:
            return "cancelled";
        case WFC_INVALID_SETTINGS:
            return "invalid_settings";
        case WFC_INVALID_INPUT:
            return "invalid_input";
        case WFC_UNSUPPORTED:
            return "unsupported";
        case WFC_INTERNAL:
            return "internal";
        default:
            return "?";
    }
}

Transcript named(const std::string& name) {
    return Transcript::load(SOURCE_DIR "/tests/transcript/" + name + ".smtp");
}

using Variant = std::optional<Transcript> (*)(const Transcript&);

/// Of those that have the variant.
std::vector<std::string> names_of(Variant variant) {
    std::vector<std::string> found = names();
    std::erase_if(found, [&](const std::string& name) { return !variant(named(name)); });
    return found;
}

class TranscriptFile : public testing::TestWithParam<std::string> {
  protected:
    void play(const Transcript& transcript);
};

TEST_P(TranscriptFile, PlaysAsWritten) {
    play(named(GetParam()));
}

class PipeliningOffered : public TranscriptFile {};

TEST_P(PipeliningOffered, PlaysAsWritten) {
    play(*with_pipelining(named(GetParam())));
}

class OneAtATime : public TranscriptFile {};

TEST_P(OneAtATime, PlaysAsWritten) {
    play(*one_at_a_time(named(GetParam())));
}

void TranscriptFile::play(const Transcript& transcript) {
    const inbox::Authority authority;
    const inbox::Certificate certificate = authority.issue({"localhost", "127.0.0.1"});
    const inbox::ServerTls tls(certificate.certificate_pem, certificate.key_pem);
    Player player(transcript, tls);

    wfc::testhost::TestHost host;
    host.real_time();
    wfc::testhost::Content ca;
    ca.bytes = authority.certificate_pem();
    host.file("ca.pem", ca);
    for (const auto& [name, value] : transcript.secrets) host.secret(name, value);
    const auto module = wfc::load(std::filesystem::path(BINARY_DIR "/components/mail-send"),
                                  {WFC_CLOCK, WFC_SECRETS, WFC_LOG, WFC_STATE, WFC_FILES, WFC_EGRESS});
    wfc::ComponentHandle component = module->create(*host.table());

    wfc::testhost::TestCall call(transcript.operation, input_for(transcript).dump());
    auto started = std::chrono::steady_clock::now();
    std::thread canceller;
    if (transcript.cancel_after) {
        canceller = std::thread([&] {
            EXPECT_TRUE(player.await_standstill(std::chrono::seconds(20)));
            std::this_thread::sleep_for(*transcript.cancel_after);
            started = std::chrono::steady_clock::now();
            call.cancel();
        });
    }
    std::string text;
    wfc_status status = component.configure(settings_for(transcript, player.port()).dump(), text);
    if (status == WFC_OK) {
        status = component.invoke(*call.table());
        text = call.result();
    }
    const auto ended = std::chrono::steady_clock::now();
    if (canceller.joinable()) canceller.join();
    const auto took = ended - started;
    component.reset();  // connections that were kept end here
    for (const std::string& complaint : player.finish()) ADD_FAILURE() << complaint;

    EXPECT_EQ(to_string(status), transcript.expect_status);
    const json document = json::parse(text, nullptr, false);
    for (const std::string& difference : differences(transcript.expect, document))
        ADD_FAILURE() << difference;
    if (transcript.within) {
        EXPECT_LE(took, *transcript.within);
    }
    for (const auto& [name, value] : transcript.secrets) {
        EXPECT_EQ(text.find(value), std::string::npos) << "the secret " << name << " is in the document";
        for (const auto& event : host.events()) {
            EXPECT_EQ(event.fields.find(value), std::string::npos)
                << "the secret " << name << " is in the log";
        }
    }
    if (HasFailure()) {
        std::string log;
        for (const auto& event : host.events()) log += event.id + " " + event.fields + "\n";
        ADD_FAILURE() << transcript.sentence << "\n" << player.heard() << text << "\n" << log;
    }
}

std::string as_identifier(const testing::TestParamInfo<std::string>& file) {
    std::string name = file.param;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Smtp, TranscriptFile, testing::ValuesIn(names()), as_identifier);
INSTANTIATE_TEST_SUITE_P(Smtp, PipeliningOffered, testing::ValuesIn(names_of(with_pipelining)),
                         as_identifier);
INSTANTIATE_TEST_SUITE_P(Smtp, OneAtATime, testing::ValuesIn(names_of(one_at_a_time)), as_identifier);

}  // namespace
}  // namespace transcript
