/// A component for the tests of `wfc run` and `wfc account`: writes down each call as it begins and ends, and
/// ends as it is told. Its settings say what is to be said of its account.
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
        const json* warnings = fields.find("warnings");
        url_ = fields.string("url").value_or("https://signin.example.test/");
        redirect_uri_ = fields.string("redirect_uri").value_or("");
        trouble_ = fields.string("trouble").value_or("");
        (void)fields.string("account");
        if (const json* look = fields.find("look_ms")) look_ms_ = look->get<int>();
        fields.done();
        warnings_ = warnings == nullptr ? json::array() : *warnings;
    }

    wfc_status invoke(wfc::Call& call) override {
        const json input = wfc::parse_json(call.input(), WFC_INVALID_INPUT, "input");
        const std::string id(call.id());
        write({{"begins", id}, {"operation", call.operation()}, {"input", input}});
        const auto until = std::chrono::steady_clock::now() +
                           std::chrono::milliseconds(
                               call.operation() == "account-status" ? look_ms_ : input.value("wait_ms", 0));
        while (std::chrono::steady_clock::now() < until) {
            if (call.cancelled()) {
                call.result(R"({"outcome":"cancelled","error":{"message":"stopped"}})");
                return WFC_CANCELLED;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        if (input.contains("log")) host_.log().write(wfc::Level::info, "tally.said", input["log"].dump());
        write({{"ends", id}});
        if (call.operation() == "account-status") return status(call);
        if (call.operation() == "sign-in") return sign_in(call);
        const std::string outcome = input.value("outcome", "succeeded");
        json result = {{"outcome", outcome}, {"warnings", input.value("warnings", json::array())}};
        const bool good = outcome == "succeeded" || outcome == "accepted" || outcome == "partial";
        if (!good) result["error"] = {{"message", "told to end so"}};
        if (input.contains("result")) result.merge_patch(input["result"]);
        call.result(result.dump());
        return good ? WFC_OK : WFC_FAILED;
    }

    void quiesce() override { write({{"quiesced", true}}); }

  private:
    wfc_status status(wfc::Call& call) const {
        if (!trouble_.empty()) {
            call.result(json{{"outcome", "failed"}, {"error", {{"message", trouble_}}}}.dump());
            return WFC_FAILED;
        }
        const json account = {{"signed_in_as", "tally"}, {"warnings", warnings_}};
        call.result(json{{"outcome", "succeeded"}, {"account", account}}.dump());
        return WFC_OK;
    }

    wfc_status sign_in(wfc::Call& call) const {
        const json question = {{"kind", "redirect"},
                               {"url", url_},
                               {"redirect_uri", redirect_uri_},
                               {"state", "state-of-tally"},
                               {"setting", "/redirect_uri"},
                               {"language", "en"}};
        const wfc::Prompt::Answer answer = host_.prompt().present(call.table(), question.dump());
        if (answer.status == WFC_CANCELLED) {
            call.result(R"({"outcome":"cancelled","error":{"message":"stopped"}})");
            return WFC_CANCELLED;
        }
        if (answer.status != WFC_OK) {
            const std::string what = "asked in vain: " + std::string(answer.document.reveal());
            call.result(json{{"outcome", "failed"}, {"error", {{"message", what}}}}.dump());
            return WFC_FAILED;
        }
        // How long the code is tells whether it came through, and tells nobody else anything.
        const json answered = json::parse(answer.document.reveal());
        const std::size_t length = answered.at("parameters").at("code").get_ref<const std::string&>().size();
        call.result(json{{"outcome", "succeeded"}, {"account", {{"code_bytes", length}}}}.dump());
        return WFC_OK;
    }

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
    std::string file_, url_, redirect_uri_, trouble_;
    int look_ms_ = 0;
    json warnings_ = json::array();
};

}  // namespace

WFC_MODULE(manifest, wfc::type<Tally>(TALLY_TYPE))
