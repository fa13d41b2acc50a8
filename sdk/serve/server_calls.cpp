#include <algorithm>
#include <utility>

#include "host/host_document.hpp"
#include "serve/server.hpp"
#include "wfc/problem.hpp"

namespace wfc::serve {

namespace {

/// The operation, if this host can have it done.
const Operation& operation_of(const Manifest& manifest, const std::string& id) {
    const Operation* found = manifest.operation(id);
    if (found == nullptr) {
        std::vector<std::string_view> known;
        for (const Operation& each : manifest.operations) known.push_back(each.id);
        std::string sentence = manifest.type + " has no operation \"" + shortened(id) + "\"";
        if (const auto near = nearest(id, known); !near.empty())
            sentence.append("; did you mean \"").append(near).append("\"?");
        throw Refusal("unknown-operation", sentence);
    }
    const std::vector<std::string> offered = ComponentHost::offered();
    for (const std::string& need : found->needs) {
        if (need == WFC_PROMPT || std::find(offered.begin(), offered.end(), need) != offered.end()) continue;
        throw Refusal("unknown-operation",
                      "the operation \"" + id + "\" needs " + need + ", which this host does not offer");
    }
    return *found;
}

Result cancelled_in_line() {
    return Call::without(WFC_CANCELLED, "cancelled", "host.cancelled", "permanent", "never",
                         "it was cancelled before it was its turn; nothing was begun");
}

}  // namespace

void Server::carry_out(std::uint64_t id, Hello& asked) {
    greeted_ = true;
    around_.log_level = asked.log;
    around_.out.write(said_hello(id,
                                 {options_.version, blobs_.path().string(), options_.calls, most_components},
                                 installed(options_.components)));
}

void Server::carry_out(std::uint64_t id, Load& asked) {
    if (sessions_.count(asked.component) != 0)
        throw Refusal("exists", "there is a component \"" + asked.component + "\" already");
    if (sessions_.size() >= most_components)
        throw Refusal("busy", "there are " + std::to_string(most_components) + " components already");
    std::optional<Manifest> manifest;
    try {
        manifest = find(asked.of, options_.components);
    } catch (const wfc::Refused& refused) {
        throw Refusal("not-installed", refused.what());
    }
    std::shared_ptr<Session> session;
    try {
        session = std::make_shared<Session>(asked.component, *manifest, around_,
                                            [this](Turns::Work work) { workers_.start(std::move(work)); });
    } catch (const wfc::Refused& refused) {
        throw Refusal("refused", refused.what());
    }
    sessions_.emplace(asked.component, std::move(session));
    around_.out.write(said_loaded(id, asked.component, *manifest));
}

const std::shared_ptr<Session>& Server::named(const std::string& component) const {
    const auto found = sessions_.find(component);
    if (found == sessions_.end())
        throw Refusal("unknown-component", "there is no component \"" + component + "\"; load it first");
    return found->second;
}

void Server::enter(const std::shared_ptr<Session>& session, std::uint64_t key, Turn turn,
                   std::function<void(Session&)> work) {
    session->turns().enter(key, turn, [session, work = std::move(work)] { work(*session); });
}

/// Work that is alone with the component and answers `id`.
void Server::change(std::uint64_t id, const std::shared_ptr<Session>& session,
                    std::function<void(Session&)> work) {
    {
        const std::lock_guard lock(mutex_);
        if (changes_ >= most_components) throw Refusal("busy", "too many changes wait already");
        ++changes_;
    }
    enter(session, 0, Turn::alone, [this, id, work = std::move(work)](Session& it) {
        try {
            work(it);
        } catch (const wfc::Refused& refused) {
            around_.out.write(said_error(id, "refused", refused.what()));
        } catch (const std::exception& defect) {
            around_.out.write(said_error(id, "internal", defect.what()));
        }
        const std::lock_guard lock(mutex_);
        --changes_;
    });
}

void Server::carry_out(std::uint64_t id, Configure& asked) {
    const std::shared_ptr<Session>& session = named(asked.component);
    const auto mentioned = secret_names(asked.settings);
    for (const auto& [name, value] : asked.secrets) {
        if (mentioned.count(name) == 0)
            throw Refusal("secrets", "the settings do not mention the secret \"" + shortened(name) + "\"");
    }
    // Work is copied on its way, and secrets are not.
    const auto given = std::make_shared<Configure>(std::move(asked));
    change(id, session, [this, id, given](Session& it) {
        const std::string problem = it.configure(given->settings, std::move(given->secrets));
        around_.out.write(said_configured(id, it.name(), problem));
    });
}

void Server::carry_out(std::uint64_t id, Unload& asked) {
    const std::shared_ptr<Session> session = named(asked.component);
    change(id, session, [this, id](Session& it) {
        it.end();
        around_.out.write(said_unloaded(id));
    });
    sessions_.erase(asked.component);
}

void Server::carry_out(std::uint64_t id, Invoke& asked) {
    const std::shared_ptr<Session>& session = named(asked.component);
    const Operation& operation = operation_of(session->manifest(), asked.operation);
    {
        const std::lock_guard lock(mutex_);
        if (calls_.size() >= options_.calls)
            throw Refusal("busy", std::to_string(options_.calls) + " calls run already");
    }
    const auto call = std::make_shared<Call>(id, std::move(asked), operation.ports, blobs_, around_.out);
    {
        const std::lock_guard lock(mutex_);
        calls_.emplace(id, Running{session, call});
    }
    enter(session, id, session->turn(),
          [this, call, without = operation.settings_optional](Session& it) { perform(it, *call, without); });
}

void Server::perform(Session& session, Call& call, bool without_settings) {
    if (!session.configured() && !without_settings) {
        if (!call.claim()) return;
        forget(call.id());
        call.refuse({"not-configured", "\"" + session.name() + "\" has no settings yet; configure it first"});
        return;
    }
    try {
        settle(call, session.invoke(call));
    } catch (const std::exception& defect) {
        settle(call,
               Call::without(WFC_INTERNAL, "unknown", "host.defect", "unknown", "after-fix", defect.what()));
    }
}

void Server::forget(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    calls_.erase(id);
}

/// The result is said once. From then on there is room for another call.
void Server::settle(Call& call, const Result& result) {
    if (!call.claim()) return;
    forget(call.id());
    call.say(result);
}

std::vector<Server::Running> Server::running() {
    std::vector<Running> out;
    const std::lock_guard lock(mutex_);
    for (const auto& [id, each] : calls_) out.push_back(each);
    return out;
}

/// If it has not begun.
void Server::withdraw(const Running& running, const Result& result) {
    if (running.session->turns().withdraw(running.call->id())) settle(*running.call, result);
}

void Server::carry_out(std::uint64_t id, Cancel& asked) {
    std::optional<Running> found;
    {
        const std::lock_guard lock(mutex_);
        if (const auto at = calls_.find(asked.of); at != calls_.end()) found = at->second;
    }
    around_.out.write(said_known("cancelled", id, found.has_value()));
    if (!found) return;
    found->call->cancel();
    withdraw(*found, cancelled_in_line());
}

void Server::carry_out(std::uint64_t id, Answer& asked) {
    std::shared_ptr<Session> session;
    {
        const std::lock_guard lock(mutex_);
        if (const auto at = calls_.find(asked.of); at != calls_.end()) session = at->second.session;
    }
    const bool known = session && session->prompt().answer(asked.of, std::move(asked.pasted));
    around_.out.write(said_known("answered", id, known));
}

void Server::carry_out(std::uint64_t id, Release& asked) {
    blobs_.release(asked.of);
    around_.out.write(said_released(id));
}

void Server::cancel_all() {
    cancelled_ = true;
    for (const Running& each : running()) {
        each.call->cancel();
        withdraw(each, cancelled_in_line());
    }
}

/// For components that do not end.
void Server::abandon() noexcept try {
    for (const Running& each : running()) {
        settle(*each.call, Call::without(WFC_INTERNAL, "unknown", "host.ended", "unknown", "after-fix",
                                         "the host had to end while the component was still at work"));
    }
} catch (...) {  // no memory: the process ends anyway
}

}  // namespace wfc::serve
