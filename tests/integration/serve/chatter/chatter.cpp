/// A component for the tests of `wfc serve`: prints, reads and ends as no component should, and copies blobs.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <unistd.h>

#include "wfc/author.hpp"
#include "wfc/embedded.hpp"
#include "wfc/json.hpp"

namespace {

using nlohmann::json;

WFC_EMBEDDED(manifest, chatter_manifest)

json succeeded(json members = json::object()) {
    members["outcome"] = "succeeded";
    return members;
}

class Chatter final : public wfc::Component {
  public:
    explicit Chatter(const wfc_host* host) : host_(host) {
        if (const char* wait_ms = std::getenv("CHATTER_CREATE_MS"); wait_ms != nullptr)
            std::this_thread::sleep_for(std::chrono::milliseconds(std::atoi(wait_ms)));
    }

    void configure(std::string_view settings) override {
        const json parsed = wfc::parse_json(settings, WFC_INVALID_SETTINGS, "settings");
        wfc::Fields fields(parsed, "", WFC_INVALID_SETTINGS);
        (void)fields.find("secret");
        const int wait_ms = parsed.value("wait_ms", 0);
        (void)fields.find("wait_ms");
        const int status = parsed.value("fail_with", 0);
        (void)fields.find("fail_with");
        fields.done();
        if (status != 0) throw wfc::Problem(status, {}, "the component is not in the mood");
        std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
        if (parsed.contains("secret")) secret_ = parsed["secret"]["$secret"].get<std::string>();
    }

    wfc_status invoke(wfc::Call& call) override {
        const json input = wfc::parse_json(call.input(), WFC_INVALID_INPUT, "input");
        const std::string operation(call.operation());
        if (operation == "result") {
            call.result(input.contains("bytes")
                            ? json{{"outcome", "succeeded"},
                                   {"text", std::string(input["bytes"].get<std::size_t>(), 'x')}}
                                  .dump()
                            : input.at("text").get<std::string>());
            return input.value("status", 0);
        }
        if (operation == "stubborn") std::this_thread::sleep_for(std::chrono::seconds(60));
        call.result(answer(operation, input, call).dump());
        return WFC_OK;
    }

    void quiesce() override { host_.log().write(wfc::Level::info, "chatter.quiesced", "{}"); }

  private:
    json answer(const std::string& operation, const json& input, wfc::Call& call) {
        if (operation == "print") {
            std::cout << "{\"type\":\"result\",\"id\":1}\n" << std::flush;
            std::puts("from puts");
            std::fflush(stdout);
            return succeeded({{"written", ::write(STDOUT_FILENO, "from write\n", 11)}});
        }
        if (operation == "read") {
            char byte = 0;
            return succeeded({{"read", ::read(STDIN_FILENO, &byte, 1)}});
        }
        if (operation == "log") {
            host_.log().write(wfc::Level::debug, "chatter.debug", "{}");
            host_.log().write(wfc::Level::warning, "chatter.said", input.at("fields").get<std::string>());
            call.progress(input.at("fields").get<std::string>());
        }
        if (operation == "copy") return copy(call);
        if (operation == "secret") {
            try {
                return succeeded({{"length", host_.secrets().get(secret_).size()}});
            } catch (const wfc::ServiceFailed& failed) {
                return succeeded({{"status", failed.status()}});
            }
        }
        if (operation == "file") {
            try {
                return succeeded(
                    {{"size", host_.files().open(input.at("path").get<std::string>()).size().value_or(0)}});
            } catch (const wfc::ServiceFailed& failed) {
                return succeeded({{"status", failed.status()}});
            }
        }
        return succeeded();
    }

    static json copy(wfc::Call& call) {
        const wfc_sink out = call.emit_blob("out", "application/octet-stream");
        std::size_t total = 0;
        for (int round = 0; round < 2; ++round) {  // a blob may be opened again
            wfc::Source in = call.open_blob("in");
            char buffer[4096];
            for (std::size_t n; (n = in.read(buffer, sizeof buffer)) > 0; total += n) {
                if (round == 0) wfc::write(out, {buffer, n});
            }
        }
        return succeeded({{"bytes", total / 2}});
    }

    wfc::Host host_;
    std::string secret_;
};

}  // namespace

WFC_MODULE(manifest, wfc::type<Chatter>("chatter"))
