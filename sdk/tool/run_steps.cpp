#include "tool/run_steps.hpp"

#include <nlohmann/json.hpp>
#include <system_error>

#include "host/current_call.hpp"
#include "host/host_document.hpp"
#include "host/printable.hpp"
#include "host/secret_records.hpp"
#include "tool/check_when.hpp"
#include "tool/commands.hpp"
#include "tool/documents.hpp"
#include "tool/host_call.hpp"
#include "tool/stop.hpp"
#include "tool/style.hpp"

namespace wfc::tool {

namespace {

using Json = nlohmann::json;
using Steady = std::chrono::steady_clock;

/// Of a look at an account: a run that comes due meanwhile waits for it.
constexpr std::chrono::seconds check_limit{30};

std::set<std::string> members_of(const Manifest& manifest, const std::string& operation) {
    std::set<std::string> out;
    const Operation* found = manifest.operation(operation);
    if (found == nullptr || found->input.empty()) return out;
    const Json schema = Json::parse(manifest.read(found->input), nullptr, false);
    const Json::json_pointer properties("/properties");
    if (!schema.is_object() || !schema.contains(properties) || !schema[properties].is_object()) return out;
    for (const auto& [name, property] : schema[properties].items()) out.insert(name);
    return out;
}

/// Of the settings as they are now; none where those cannot be read.
SecretNames written_in(const Manifest& manifest, const std::filesystem::path& settings) try {
    return settings.empty() ? SecretNames{} : written_secrets(manifest, read_document(settings, false));
} catch (const std::exception&) {
    return {};
}

}  // namespace

std::string step_input(const std::string& input, const std::set<std::string>& members,
                       const std::string& payload) {
    const bool takes_payload = members.count("payload") != 0 && !payload.empty();
    const bool takes_render = members.count("render") != 0;
    if (!takes_payload && !takes_render) return input;
    Json out = Json::parse(input);
    if (takes_payload && !out.contains("payload")) out["payload"] = Json::parse(payload);
    if (takes_render) out["render"] = true;
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ComponentSteps::ComponentSteps(const RunOptions& options, LogWriter& log, SecretStore& secrets,
                               StateStore& state, const std::atomic<bool>& cancelled,
                               const std::atomic<bool>& stopping)
    : options_(options),
      log_(log),
      secrets_(secrets),
      state_(state),
      cancelled_(cancelled),
      stopping_(stopping),
      egress_(options.private_addresses) {}

void ComponentSteps::know(const flow::Flow& flow) {
    for (const flow::Step& step : flow.steps) {
        auto found = known_.find(step.component);
        if (found == known_.end()) {
            found =
                known_.emplace(step.component, Known{find_component(step.component, options_.components), {}})
                    .first;
        }
        check_operation(found->second.manifest, step.operation, ComponentHost::offered());
        const auto& members = found->second.input_members[step.operation] =
            members_of(found->second.manifest, step.operation);
        if (members.count("render") != 0 && Json::parse(step.input).contains("render")) {
            throw Stop(exit_invalid_settings, flow.file.string() + ": the input of step \"" + step.id +
                                                  "\" has \"render\", which wfc run sets itself; remove it");
        }
    }
    const std::string folder = flow.file.parent_path().string();
    try {
        roots_.try_emplace(
            folder, options_.roots.empty() ? std::vector<std::filesystem::path>{folder} : options_.roots);
    } catch (const std::system_error& fault) {
        throw Stop(exit_unreadable, fault.what());
    } catch (const NoFileRoots& fault) {
        throw Stop(exit_unreadable, fault.what());
    }
}

SharedServices ComponentSteps::shared(const flow::Flow& flow) const {
    return {log_, secrets_, state_, roots_.at(flow.file.parent_path().string()), egress_};
}

std::set<std::string, std::less<>> ComponentSteps::secrets_of(const flow::Flow& flow) const {
    std::set<std::string, std::less<>> out;
    for (const flow::Step& step : flow.steps) {
        if (step.settings.empty()) continue;
        try {
            out.merge(secret_names(read_document(step.settings, false)));
        } catch (const Stop&) {
            continue;  // said when the component is made
        }
    }
    return out;
}

void ComponentSteps::rehearse(const flow::Flow& flow) {
    const wfc_sink nowhere = {nullptr, [](void*, wfc_view) noexcept -> wfc_status { return WFC_OK; }};
    std::set<std::pair<std::string, std::string>> seen;
    for (const flow::Step& step : flow.steps) {
        const std::string file = step.settings.string();
        if (!seen.emplace(step.component, file).second) continue;
        try {
            const auto component =
                accounts_.component(known_.at(step.component).manifest, file, shared(flow));
            if (file.empty()) continue;
            const std::string settings = read_document(file, false);
            const SecretNames written = written_secrets(known_.at(step.component).manifest, settings);
            for (const std::string& name : secret_names(settings)) {
                if (written.count(name) != 0) continue;
                const wfc_secrets* table = component->secrets().table();
                table->get(table->ctx, {name.data(), name.size()}, nowhere);
            }
            name_missing(component->secrets(), WFC_INVALID_SETTINGS, written);
        } catch (const AccountUnusable& fault) {
            explain(fault.document(),
                    flow.id + ", step " + step.id + ", " + (file.empty() ? "no settings" : file));
        } catch (const Stop& stop) {
            explain(host_document("failed", {"host.settings_unreadable", "settings"}, stop.what()), flow.id);
        }
    }
}

/// Of a call that ended so.
void ComponentSteps::name_missing(const SecretView& secrets, wfc_status status, const SecretNames& written) {
    const Style style = Style::of(STDERR_FILENO);
    const auto note = [&](const std::string& sentence) {
        log_.notice(3, style.yellow("warning: ") + printable(sentence), sentence);
    };
    for (const std::string& name : secrets.missing()) {
        // One that a component can do without is not what is wrong.
        if (status != WFC_INVALID_SETTINGS || written.count(name) != 0) continue;
        note("the secret \"" + name + "\" is not there; " +
             (storable_name(name) ? "store it with: wfc secret set " + name + " (or set " +
                                        SecretStore::variable(name) + " and start again)"
                                  : "set " + SecretStore::variable(name) + " and start again"));
    }
    for (const std::string& trouble : secrets.troubles()) note(trouble);
}

void ComponentSteps::explain(const std::string& document, const std::string& what) {
    const Style style = Style::of(STDERR_FILENO);
    const std::lock_guard lock(explaining_);
    log_.notice(3, style.yellow("warning: ") + printable(what), what);
    explain_document(document, log_, style);
}

flow::StepResult ComponentSteps::run(const flow::Flow& flow, const flow::Step& step,
                                     const std::string& call_id, const std::string& payload,
                                     const std::function<bool()>& begin) {
    return carry_out(flow, step, call_id, payload, begin, cancelled_);
}

flow::StepResult ComponentSteps::look(const flow::Flow& flow, const flow::Step& step,
                                      const std::string& call_id, const std::function<bool()>& begin) {
    return carry_out(flow, step, call_id, {}, begin, stopping_);
}

flow::StepResult ComponentSteps::carry_out(const flow::Flow& flow, const flow::Step& step,
                                           const std::string& call_id, const std::string& payload,
                                           const std::function<bool()>& begin,
                                           const std::atomic<bool>& ended) try {
    const Known& known = known_.at(step.component);
    const auto component = accounts_.component(known.manifest, step.settings.string(), shared(flow));
    FileBlobs blobs;
    const auto members = known.input_members.find(step.operation);
    HostCall call(
        call_id, step.operation,
        members == known.input_members.end() ? step.input : step_input(step.input, members->second, payload),
        blobs, log_, ended);
    Steady::time_point began;
    const auto limited = [&] {
        if (!begin()) return false;
        if (step.limit.count() != 0) call.deadline_in(step.limit);
        began = Steady::now();
        return true;
    };
    const std::optional<wfc_status> status = [&] {
        const CurrentCall within({call_id, flow.id, step.id});
        return component->invoke(call.table(), limited);
    }();
    if (!status) return {};  // it did not begin
    const Steady::duration took = Steady::now() - began;
    blobs.discard();
    log_.end_progress();
    std::string document = call.result();
    int code = exit_internal;
    try {
        code = exit_code(*status, outcome_of(document));
    } catch (const std::invalid_argument& fault) {
        document = contract_breach(step.component + " broke its contract: " + fault.what());
    }
    count(step, document, took);
    if (code != exit_ok) {
        explain(document, call_id);
        name_missing(component->secrets(), *status, written_in(known.manifest, step.settings));
    }
    return {code, std::move(document)};
} catch (const AccountUnusable& fault) {
    count(step, fault.document());
    explain(fault.document(), call_id);
    return {fault.code(), fault.document()};
} catch (const flow::JournalUnusable&) {
    throw;
} catch (const std::exception& defect) {
    std::string document = host_document("failed", {"host.defect", "host"}, defect.what());
    count(step, document);
    return {exit_internal, std::move(document)};
}

void ComponentSteps::count(const flow::Step& step, const std::string& document,
                           std::optional<std::chrono::nanoseconds> took) const noexcept {
    if (counters_ != nullptr) counters_->invoked({step.component, step.operation, document, took});
}

std::vector<flow::Step> ComponentSteps::checks(const flow::Flow& flow) {
    std::vector<flow::Step> out;
    std::set<std::pair<std::string, std::filesystem::path>> seen;
    for (const flow::Step& step : flow.steps) {
        if (!seen.emplace(step.component, step.settings).second) continue;
        const Operation* status = known_.at(step.component).manifest.operation("account-status");
        if (status == nullptr || status->kind != "action" || status->effects != "none") continue;
        try {
            const std::string settings = step.settings.empty() ? "{}" : read_document(step.settings, false);
            if (!mismatch(*status, settings).empty()) continue;
        } catch (const Stop&) {
            continue;  // said when the component is made
        }
        flow::Step asks;
        asks.id = asks.operation = status->id;
        asks.component = step.component;
        asks.settings = step.settings;
        asks.input = "{}";
        asks.limit = check_limit;
        out.push_back(std::move(asks));
    }
    return out;
}

}  // namespace wfc::tool
