#include "faults/trial.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "faults/faulty_server.hpp"
#include "loader/loader.hpp"
#include "testhost/testhost.hpp"

namespace faults {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds longest_last_words{1000};  // MailSend waits no longer for the answer to QUIT
constexpr std::uint32_t blob_blocks = 8;          // of 1 MiB: more than the kernel's buffers hold

const char* timeout_of(Stage stage) {
    switch (stage) {
        case Stage::connect:
        case Stage::tls:
            return "connect";
        case Stage::greeting:
            return "greeting";
        case Stage::data:
        case Stage::body:
        case Stage::dot:
            return "data";
        default:
            return "command";
    }
}

json settings_for(const Cell& cell, const Plan& plan, std::uint16_t port, milliseconds time_out) {
    const char* const security = cell.protection == Protection::tls        ? "implicit-tls"
                                 : cell.protection == Protection::starttls ? "starttls"
                                                                           : "none";
    json timeouts = {{"connect", "30s"}, {"greeting", "30s"}, {"command", "30s"}, {"data", "30s"}};
    timeouts[timeout_of(cell.stage)] = std::to_string(time_out.count()) + "ms";
    json settings = {
        {"server", {{"kind", "custom"}, {"host", "127.0.0.1"}, {"port", port}, {"security", security}}},
        {"auth", {{"method", "password"}, {"username", "alice"}, {"password", {{"$secret", "alice"}}}}},
        {"from", "alice@example.test"},
        {"timeouts", std::move(timeouts)},
        {"delivery", {{"attempts", plan.attempts}, {"deadline", "2m"}}}};
    if (cell.protection == Protection::none) {
        settings["auth"]["allow_cleartext"] = true;
    } else {
        settings["tls"]["ca_file"] = "ca.pem";
    }
    return settings;
}

json input_for(const Cell& cell) {
    json input = {{"to", "bob@example.test"}, {"subject", "Test"}, {"text", "Hello"}};
    if (cell.stage == Stage::body) input["attachments"] = json::array({{{"blob", "large"}}});
    return input;
}

Outcome call_once(wfc::ComponentHandle& component, const Cell& cell, const FaultyServer& server) {
    wfc::testhost::TestCall call("send", input_for(cell).dump());
    call.id(cell.name());
    call.blob("large", {.bytes = std::string(1 << 20, 'x'), .repeat = blob_blocks});
    const auto begun = std::chrono::steady_clock::now();
    component.invoke(*call.table());
    const auto took = std::chrono::steady_clock::now() - begun;
    const json document = json::parse(call.result(), nullptr, false);
    if (!document.is_object()) throw std::runtime_error(cell.name() + ": no result: " + call.result());
    return {.outcome = document.value("outcome", ""),
            .error = document.value("/error/id"_json_pointer, ""),
            .stage = document.value("/error/stage"_json_pointer, ""),
            .attempts = document.value("attempts", json::array()).size(),
            .took = std::chrono::duration_cast<milliseconds>(took),
            .handed_over = server.handed_over(),
            .duplicate = document.value("duplicate", false)};
}

}  // namespace

milliseconds limit_of(Stage stage, const Surroundings& with) {
    return stage == Stage::quit ? std::min(with.time_out, longest_last_words) : with.time_out;
}

Trial try_out(const Cell& cell, const Plan& plan, const Surroundings& with) {
    FaultyServer server({cell, plan.faulty, limit_of(cell.stage, with)}, with.tls);
    wfc::testhost::TestHost host;
    host.real_time();
    host.log_level(5);
    host.file("ca.pem", {.bytes = with.ca_pem});
    host.secret("alice", "secret");
    host.egress([&server](const wfc::testhost::EgressQuestion&) {
        server.about_to_connect();
        return true;
    });
    wfc::ComponentHandle component =
        wfc::load(with.components / "mail-send",
                  {WFC_CLOCK, WFC_SECRETS, WFC_STATE, WFC_LOG, WFC_FILES, WFC_EGRESS})
            ->create(*host.table());
    std::string problem;
    if (component.configure(settings_for(cell, plan, server.port(), with.time_out).dump(), problem) != WFC_OK)
        throw std::runtime_error(problem);
    Trial trial;
    trial.first = call_once(component, cell, server);
    if (plan.again) trial.second = call_once(component, cell, server);
    return trial;
}

}  // namespace faults
