#include <algorithm>
#include <utility>

#include "host/host_document.hpp"
#include "serve/server.hpp"
#include "serve/server_words.hpp"
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

}  // namespace

void Server::carry_out(std::uint64_t id, Hello& asked) {
    std::string line =
        said_hello(id, {options_.version, blobs_.path().string(), options_.calls, most_components},
                   installed(options_.components));
    greeted_ = true;
    around_.log_level = asked.log;
    around_.out.write(std::move(line));
}

void Server::carry_out(std::uint64_t id, Invoke& asked) {
    const std::shared_ptr<Session> session = named(asked.component);
    const Operation& operation = operation_of(session->manifest(), asked.operation);
    if (session->turn() == Turn::alone && stuck(session)) throw stuck_behind(session->name());
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
    const auto refuse = [&](const char* error, const char* sentence) {
        if (!call.claim()) return;
        forget(call.id());
        call.refuse({error, "\"" + session.name() + "\" " + sentence});
    };
    if (session.broken()) return refuse("unknown-component", "could not be loaded; load it first");
    if (!session.configured() && !without_settings)
        return refuse("not-configured", "has no settings yet; configure it first");
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
    const bool first = call.claim();
    forget(call.id());
    if (first) {
        call.say(result);
    } else {
        blobs_.release(call.id());  // what came after its result belongs to nobody
    }
}

/// Those whose result is still to come.
std::vector<Server::Running> Server::running() {
    std::vector<Running> out;
    const std::lock_guard lock(mutex_);
    for (const auto& [id, each] : calls_) {
        if (!each.stuck) out.push_back(each);
    }
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
        if (const auto at = calls_.find(asked.of); at != calls_.end() && !at->second.stuck) {
            if (at->second.cancelled_ms == 0)
                at->second.cancelled_ms = system_clock_table()->monotonic_ms(nullptr);
            found = at->second;
        }
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
        if (const auto at = calls_.find(asked.of); at != calls_.end() && !at->second.stuck)
            session = at->second.session;
    }
    const bool known = session && session->prompt().answer(asked.of, std::move(asked.pasted));
    around_.out.write(said_known("answered", id, known));
}

void Server::carry_out(std::uint64_t id, Release& asked) {
    blobs_.release(asked.of);
    around_.out.write(said_released(id));
}

}  // namespace wfc::serve
