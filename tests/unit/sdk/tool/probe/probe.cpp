/// A component for the tests of `wfc`: does what its input says, well or badly.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "wfc/author.hpp"
#include "wfc/embedded.hpp"
#include "wfc/json.hpp"

namespace {

using nlohmann::json;

WFC_EMBEDDED(manifest, probe_manifest)

constexpr const char* account_document =
    R"({"outcome":"succeeded","account":{"signed_in_as":"alice","state":"signed_in","scopes":["read","send"],)"
    R"("access_expires_at":"2020-01-01T00:00:00Z","warnings":["it ends soon"]},"warnings":["it ends soon"]})";

json succeeded(json members = json::object()) {
    members["outcome"] = "succeeded";
    return members;
}

/// What a child process sees of the environment.
std::string child_environment() {
    std::string out;
    FILE* child = popen("/usr/bin/env", "r");
    char buffer[512];
    for (std::size_t n; child != nullptr && (n = fread(buffer, 1, sizeof buffer, child)) > 0;)
        out.append(buffer, n);
    if (child != nullptr) pclose(child);
    return out;
}

std::string own_environment() {
    std::ifstream in("/proc/self/environ", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Which of the standard streams are /dev/null: "012" for all.
std::string null_streams() {
    std::string out;
    struct stat null {
    }, facts{};
    if (stat("/dev/null", &null) != 0) return "no /dev/null";
    for (const int fd : {0, 1, 2}) {
        if (fstat(fd, &facts) == 0 && facts.st_rdev == null.st_rdev) out += std::to_string(fd);
    }
    return out;
}

class Probe final : public wfc::Component {
  public:
    explicit Probe(const wfc_host* host) : host_(host) {}

    void configure(std::string_view settings) override {
        const json parsed = wfc::parse_json(settings, WFC_INVALID_SETTINGS, "settings");
        wfc::Fields fields(parsed, "", WFC_INVALID_SETTINGS);
        const json* sign_in = fields.find("sign_in");
        const json* size = fields.find("size");
        (void)fields.find("names");
        fields.done();
        if (size != nullptr && !size->is_number()) fields.refuse("size", "must be a number");
        if (sign_in != nullptr && sign_in->contains("token"))
            token_ = (*sign_in)["token"]["$secret"].get<std::string>();
    }

    wfc_status invoke(wfc::Call& call) override {
        const json input = wfc::parse_json(call.input(), WFC_INVALID_INPUT, "input");
        const std::string operation(call.operation());
        if (operation == "echo") {
            for (const json& each : input.value("progress", json::array())) call.progress(each.dump());
            call.result(input.at("document").get<std::string>());
            return input.value("status", 0);
        }
        if (operation == "report") {
            for (const json& each : input.value("log", json::array()))
                host_.log().write(wfc::Level::trace, "probe.said", each.dump());
            for (const json& each : input.value("progress", json::array())) call.progress(each.dump());
            if (!token_.empty()) (void)host_.secrets().get(token_);
            call.result(input.at("document").dump());
            return input.value("status", 0);
        }
        if (operation == "account-status") {
            if (token_ == "ended") {
                call.result(
                    R"({"outcome":"succeeded","account":{"signed_in":false,"changed_since":[],"warnings":[]}})");
                return WFC_OK;
            }
            if (token_ == "broken") {
                try {
                    (void)host_.secrets().get(token_);
                } catch (const wfc::ServiceFailed&) {  // it can do without
                }
            }
            call.result(token_ == "broken" ? R"({"outcome":"failed","error":{"message":"no such account"}})"
                                           : account_document);
            return token_ == "broken" ? WFC_FAILED : WFC_OK;
        }
        if (operation == "wait") return wait(call);
        if (operation == "stubborn") {
            const wfc_sink sink = call.emit_blob("out", "text/plain");
            wfc::write(sink, "half");
            call.progress(R"({"stage":"waiting"})");
            std::this_thread::sleep_for(std::chrono::seconds(30));
        }
        if (operation == "emit" || operation == "slow_emit") {
            const wfc_sink sink = call.emit_blob("out", "text/plain");
            wfc::write(sink, "content");
            if (operation == "slow_emit") {
                call.progress(R"({"stage":"waiting"})");
                std::this_thread::sleep_for(std::chrono::seconds(1));
            }
            call.result(input.value("status", 0) == 0 ? R"({"outcome":"succeeded"})"
                                                      : R"({"outcome":"failed"})");
            return input.value("status", 0);
        }
        if (operation == "streams") {
            wfc::write(call.emit_blob("out", "text/plain"), null_streams());
            call.result(succeeded().dump());
            return WFC_OK;
        }
        if (operation == "measure") return measure(call);
        call.result(answer(operation, input, call).dump());
        return WFC_OK;
    }

  private:
    wfc_status wait(wfc::Call& call) {
        call.progress(R"({"stage":"waiting"})");
        while (true) {
            if (call.cancelled()) {
                call.result(R"({"outcome":"cancelled","error":{"message":"stopped"}})");
                return WFC_CANCELLED;
            }
            if (call.deadline_ms() != 0 && host_.clock().monotonic_ms() >= call.deadline_ms()) {
                call.result(R"({"outcome":"failed","error":{"message":"too late"}})");
                return WFC_FAILED;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }

    /// How long from now.
    std::int64_t deadline(const wfc::Call& call) const {
        return static_cast<std::int64_t>(call.deadline_ms() - host_.clock().monotonic_ms());
    }

    wfc_status measure(wfc::Call& call) {
        wfc::Source source = call.open_blob("in");
        std::uint64_t total = 0;
        char buffer[4096];
        for (std::size_t n; (n = source.read(buffer, sizeof buffer)) > 0;) total += n;
        call.result(succeeded({{"bytes", total}, {"size", source.size().value_or(0)}}).dump());
        return WFC_OK;
    }

    json answer(const std::string& operation, const json& input, const wfc::Call& call) {
        if (operation == "ask") return succeeded({{"offered", host_.prompt().offered()}});
        if (operation == "sign-in") return succeeded({{"deadline_ms", deadline(call)}});
        if (operation == "secret") {
            try {
                return succeeded({{"length", host_.secrets().get(token_).size()}});
            } catch (const wfc::ServiceFailed& failed) {
                throw wfc::Problem(WFC_INVALID_SETTINGS, "/sign_in/token", failed.what());
            }
        }
        if (operation == "environment") {
            return succeeded({{"own", own_environment()}, {"child", child_environment()}, {"id", call.id()}});
        }
        if (operation == "file") {
            try {
                return succeeded(
                    {{"size", host_.files().open(input.at("path").get<std::string>()).size().value_or(0)}});
            } catch (const wfc::ServiceFailed& failed) {
                return succeeded({{"status", failed.status()}});
            }
        }
        return succeeded(
            {{"allowed", host_.egress().allows("name", input.at("address").get<std::string>(), 1)}});
    }

    wfc::Host host_;
    std::string token_;
};

}  // namespace

WFC_MODULE(manifest, wfc::type<Probe>("probe"))
