/// A component for the tests of `wfc run`: writes down each call as it begins and ends, and ends as it is
/// told.
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "wfc/author.hpp"
#include "wfc/embedded.hpp"
#include "wfc/json.hpp"

namespace {

using nlohmann::json;

WFC_EMBEDDED(manifest, tally_manifest)

class Tally final : public wfc::Component {
  public:
    explicit Tally(const wfc_host* host) : host_(host) {}

    void configure(std::string_view settings) override {
        const json parsed = wfc::parse_json(settings, WFC_INVALID_SETTINGS, "settings");
        wfc::Fields fields(parsed, "", WFC_INVALID_SETTINGS);
        file_ = fields.required_string("file");
        (void)fields.find("token");
        fields.done();
    }

    wfc_status invoke(wfc::Call& call) override {
        const json input = wfc::parse_json(call.input(), WFC_INVALID_INPUT, "input");
        const std::string id(call.id());
        write({{"begins", id}, {"operation", call.operation()}, {"input", input}});
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(input.value("wait_ms", 0));
        while (std::chrono::steady_clock::now() < until) {
            if (call.cancelled()) {
                call.result(R"({"outcome":"cancelled","error":{"message":"stopped"}})");
                return WFC_CANCELLED;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        write({{"ends", id}});
        const std::string outcome = input.value("outcome", "succeeded");
        json result = {{"outcome", outcome}, {"warnings", input.value("warnings", json::array())}};
        const bool good = outcome == "succeeded" || outcome == "accepted" || outcome == "partial";
        if (!good) result["error"] = {{"message", "told to end so"}};
        call.result(result.dump());
        return good ? WFC_OK : WFC_FAILED;
    }

    void quiesce() override { write({{"quiesced", true}}); }

  private:
    /// In one piece, and before the call goes on: it is the other side's memory of what was done.
    void write(const json& entry) {
        const std::string line = entry.dump() + "\n";
        const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        const bool written =
            fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
        const int error = errno;
        if (fd >= 0) ::close(fd);
        if (!written) throw std::system_error(error, std::generic_category(), file_);
    }

    wfc::Host host_;
    std::string file_;
};

}  // namespace

WFC_MODULE(manifest, wfc::type<Tally>(TALLY_TYPE))
