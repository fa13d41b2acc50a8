// MailSend as any host has it: the plugin directory is loaded, JSON goes in and JSON comes out.
//
//     bench_mail_send --components DIR --settings JSON --input JSON [--messages N] [--in-flight N] [--warm-up
//     N]
//         [--operation send] [--state FILE] [--root DIR] [--secret NAME=VALUE] [--blob NAME=FILE] [--counted
//         N]
//
// Each call has an id of its own and the input with every "%N%" replaced by its number; `in-flight` threads
// call at once. Warm-up messages are sent before the measuring begins. --blob gives every call that file;
// --counted says how many messages a call stands for. Prints one JSON line; ends with 1 when a call was not
// WFC_OK.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/compare/own_figures.hpp"
#include "host/component_host.hpp"
#include "host/file_blobs.hpp"
#include "host/state_store.hpp"
#include "loader/loader.hpp"
#include "wfc/stream.hpp"

namespace {

namespace fs = std::filesystem;

/// Options by name; each has a value.
class Options {
  public:
    Options(int argc, char** argv) {
        for (int i = 1; i + 1 < argc; i += 2) values_.emplace(argv[i], argv[i + 1]);
        if (argc % 2 == 0) throw std::runtime_error("every option needs a value");
    }
    std::string text(const std::string& name, const std::string& otherwise = {}) const {
        const auto found = values_.find(name);
        return found == values_.end() ? otherwise : found->second;
    }
    long number(const std::string& name, long otherwise) const {
        return std::atol(text(name, std::to_string(otherwise)).c_str());
    }
    /// NAME=VALUE, or nothing.
    std::optional<std::pair<std::string, std::string>> pair(const std::string& name) const {
        const std::string both = text(name);
        const std::size_t sign = both.find('=');
        if (sign == both.npos) return std::nullopt;
        return std::pair(both.substr(0, sign), both.substr(sign + 1));
    }

  private:
    std::map<std::string, std::string> values_{};
};

/// The input between its "%N%".
class Template {
  public:
    explicit Template(const std::string& text) {
        std::size_t from = 0;
        for (std::size_t mark = text.find("%N%"); mark != text.npos; mark = text.find("%N%", from)) {
            pieces_.push_back(text.substr(from, mark - from));
            from = mark + 3;
        }
        pieces_.push_back(text.substr(from));
    }
    std::string with(const std::string& number) const {
        std::string out = pieces_.front();
        for (std::size_t i = 1; i < pieces_.size(); ++i) (out += number) += pieces_[i];
        return out;
    }

  private:
    std::vector<std::string> pieces_{};
};

/// One piece of work; blobs of the result are thrown away.
struct Call {
    Call(const std::string& operation, std::string call_id, const std::string& input_json,
         const std::optional<std::pair<std::string, std::string>>& blob)
        : id(std::move(call_id)), input(input_json) {
        if (blob) blobs.source(blob->first, blob->second);
        table.struct_size = sizeof table;
        table.ctx = this;
        table.id = wfc::view(id);
        table.operation = wfc::view(operation);
        table.input = wfc::view(input);
        table.result = wfc::append_to(result);
        table.cancelled = [](const wfc_call*) noexcept { return 0; };
        table.open_blob = [](const wfc_call* call, wfc_view name, wfc_source* out) noexcept {
            return static_cast<Call*>(call->ctx)->blobs.open({name.data, name.size}, out);
        };
        table.emit_blob = [](const wfc_call* call, wfc_view name, wfc_view, wfc_sink* out) noexcept {
            return static_cast<Call*>(call->ctx)->blobs.emit({name.data, name.size}, out);
        };
        table.progress = [](const wfc_call*, wfc_view) noexcept {};
    }
    std::string id;
    const std::string& input;
    std::string result{};
    wfc::FileBlobs blobs{};
    wfc_call table{};
};

/// The component on a host of its own.
class Sender {
  public:
    explicit Sender(const Options& options)
        : operation_(options.text("--operation", "send")),
          input_(options.text("--input")),
          blob_(options.pair("--blob")),
          prefix_(options.text("--id", "call") + "-"),
          files_(options.text("--root").empty() ? std::vector<fs::path>{}
                                                : std::vector<fs::path>{options.text("--root")}) {
        const std::string settings = options.text("--settings");
        if (const auto secret = options.pair("--secret"))
            secrets_.keep(wfc::SecretStore::variable(secret->first), wfc::SecretString(secret->second));
        if (!options.text("--state").empty()) state_.emplace(options.text("--state"));
        const wfc::SharedServices shared{
            log_, secrets_, state_ ? std::optional(std::ref(*state_)) : std::nullopt, files_, egress_};
        host_.emplace(shared, "mail-send", settings);
        component_ =
            wfc::load(fs::path(options.text("--components")) / "mail-send", wfc::ComponentHost::offered())
                ->create(host_->table());
        std::string problem;
        if (component_.configure(settings, problem) != WFC_OK) throw std::runtime_error(problem);
    }

    /// Calls number `from` up to `to` on so many threads.
    void send(long from, long to, long threads) {
        std::atomic<long> next = from;
        const auto work = [&] {
            for (long n = next++; n < to; n = next++) send_one(std::to_string(n));
        };
        std::vector<std::future<void>> others;
        for (long i = 1; i < threads; ++i) others.push_back(std::async(std::launch::async, work));
        work();
        for (auto& other : others) other.get();
    }
    void quiesce() { component_.quiesce(); }

  private:
    void send_one(const std::string& number) {
        const std::string input = input_.with(number);
        Call call(operation_, prefix_ + number, input, blob_);
        if (component_.invoke(call.table) != WFC_OK) throw std::runtime_error("not sent: " + call.result);
    }

    std::string operation_;
    Template input_;
    std::optional<std::pair<std::string, std::string>> blob_;
    std::string prefix_;
    wfc::LogWriter log_{wfc::LogFormat::text, 3};
    wfc::SecretStore secrets_{};
    wfc::FileRoots files_;
    wfc::EgressPolicy egress_{true};
    std::optional<wfc::StateStore> state_{};
    std::optional<wfc::ComponentHost> host_{};
    wfc::ComponentHandle component_{};
};

}  // namespace

int main(int argc, char** argv) try {
    const Options options(argc, argv);
    const long messages = options.number("--messages", 1), warm_up = options.number("--warm-up", 0);
    const long threads = options.number("--in-flight", 1);
    Sender sender(options);
    if (warm_up > 0) sender.send(0, warm_up, threads);
    const bench::OwnFigures figures;
    sender.send(warm_up, warm_up + messages, threads);
    figures.print(messages * options.number("--counted", 1));
    sender.quiesce();
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_mail_send: %.2000s\n", error.what());
    return 1;
}
