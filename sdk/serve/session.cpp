#include "serve/session.hpp"

#include <algorithm>
#include <utility>

#include "host/current_call.hpp"
#include "host/host_document.hpp"
#include "serve/foreign_json.hpp"
#include "serve/line_reader.hpp"

namespace wfc::serve {

namespace {

/// What stands before a document in its line, at most.
constexpr std::size_t longest_head = 1024;

/// Of this host: a person is there, at the engine.
std::vector<std::string> offered() {
    std::vector<std::string> out = ComponentHost::offered();
    out.emplace_back(WFC_PROMPT);
    return out;
}

std::int64_t steady_ms() noexcept {
    return static_cast<std::int64_t>(system_clock_table()->monotonic_ms(nullptr));
}

/// The store, where the component has a use for it.
std::optional<std::reference_wrapper<StateStore>> state_for(const Manifest& manifest,
                                                            const Surroundings& around) {
    const auto names_it = [](const std::vector<std::string>& services) {
        return std::find(services.begin(), services.end(), WFC_STATE) != services.end();
    };
    return names_it(manifest.required) || names_it(manifest.optional) ? around.state : std::nullopt;
}

}  // namespace

Session::Instance::Instance(const Surroundings& around, LogWriter& log, PromptService& prompt,
                            const Module& module, const std::string& settings, SecretValues given)
    : secrets(around.secrets, std::move(given)),
      host({log, secrets, state_for(module.manifest(), around), around.files, around.egress, prompt},
           module.manifest().type, settings),
      component(module.create(host.table())) {}

Session::Session(std::string name, const Manifest& manifest, Surroundings around,
                 std::function<void(Turns::Work)> start)
    : name_(std::move(name)),
      around_(around),
      manifest_(manifest),
      log_(around.log_level,
           [this](std::int32_t level, std::string_view id, std::string_view fields) {
               around_.out.await_room();
               around_.out.write(said_log(level, id, event_object(fields), name_, CurrentCall::get()));
           }),
      prompt_(around.out),
      asks_(&prompt_, [](const std::string&) { return false; }),
      turns_(std::move(start)) {}

Session::~Session() = default;

void Session::load() try {
    module_ = wfc::load(manifest_, offered());
    instance_ = std::make_unique<Instance>(around_, log_, asks_, *module_, "{}", SecretValues{});
} catch (...) {
    broken_ = true;
    throw;
}

std::string Session::configure(const std::string& settings, SecretValues secrets) {
    auto fresh = std::make_unique<Instance>(around_, log_, asks_, *module_, settings, std::move(secrets));
    std::string problem;
    const wfc_status status = fresh->component.configure(settings, problem);
    if (status == WFC_OK) {
        instance_->component.quiesce();
        instance_ = std::move(fresh);
        configured_ = true;
        tell_troubles();
        return {};
    }
    if (status != WFC_INVALID_SETTINGS) {
        const std::string why = error_message(problem);
        throw Refusal(status == WFC_INTERNAL ? "internal" : "refused",
                      manifest_.type + " could not take the settings, for a reason of its own: " +
                          (why.empty() ? "status " + std::to_string(status) : why));
    }
    try {
        std::string document = read_result(problem).text;
        if (document.size() + longest_head <= longest_line) return document;
        throw std::invalid_argument("what it says is longer than a line may be");
    } catch (const std::invalid_argument& fault) {
        return host_document(
            "failed", {"host.settings_refused", "settings"},
            manifest_.type + " refused the settings and did not say why: " + std::string(fault.what()));
    }
}

Result Session::invoke(Call& call) {
    const LinePrompt::Asking asking(prompt_, call.id(), call.deadline_ms());
    resting_ = false;
    const wfc_status status = [&] {
        const CurrentCall within({.id = call.name(), .request = call.id()});
        return instance_->component.invoke(call.table());
    }();
    last_call_ms_ = steady_ms();
    tell_troubles();
    return call.finish(status);
}

/// Why the store of secrets could not be used: each once.
void Session::tell_troubles() {
    constexpr std::int32_t warning = 3;
    for (const std::string& trouble : instance_->host.secrets().troubles()) {
        {
            const std::lock_guard lock(mutex_);
            if (!told_.insert(trouble).second) continue;
        }
        log_.notice(warning, trouble, trouble);
    }
}

bool Session::tired() const noexcept {
    return manifest_.idle_ms != 0 && !resting_ && turns_.idle() &&
           steady_ms() - last_call_ms_ >= static_cast<std::int64_t>(manifest_.idle_ms);
}

void Session::quiesce() noexcept {
    if (instance_) instance_->component.quiesce();
    resting_ = true;
}

void Session::end() noexcept {
    quiesce();
    instance_.reset();
}

}  // namespace wfc::serve
