#include <algorithm>
#include <utility>

#include "serve/server.hpp"
#include "serve/server_words.hpp"
#include "wfc/problem.hpp"

namespace wfc::serve {

std::shared_ptr<Session> Server::named(const std::string& component) {
    const auto found = sessions_.find(component);
    if (found != sessions_.end() && !found->second->broken()) return found->second;
    if (found != sessions_.end()) sessions_.erase(found);
    throw Refusal("unknown-component", "there is no component \"" + component + "\"; load it first");
}

void Server::enter(const std::shared_ptr<Session>& session, std::uint64_t key, Turn turn,
                   std::function<void(Session&)> work) {
    session->turns().enter(key, turn, [session, work = std::move(work)] { work(*session); });
}

/// Work that is alone with the component and makes the answer to `id`.
void Server::change(std::uint64_t id, const std::shared_ptr<Session>& session, Changes what,
                    std::function<std::string(Session&)> work) {
    {
        const std::lock_guard lock(mutex_);
        if (changes_.size() >= most_components) throw Refusal("busy", "too many changes wait already");
        changes_.emplace(id, Change{session, what});
    }
    enter(session, id, Turn::alone, [this, id, work = std::move(work)](Session& it) {
        std::string line;
        try {
            line = work(it);
        } catch (const Refusal& refusal) {
            line = said_error(id, refusal.error(), refusal.what());
        } catch (const wfc::Refused& refused) {
            line = said_error(id, "refused", refused.what());
        } catch (const std::exception& defect) {
            line = said_error(id, "internal", defect.what());
        }
        if (claim_change(id)) around_.out.write(std::move(line));
    });
}

/// True for the first who asks: that one says the answer.
bool Server::claim_change(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    return changes_.erase(id) != 0;
}

std::vector<std::pair<std::uint64_t, Server::Change>> Server::changing() {
    const std::lock_guard lock(mutex_);
    return {changes_.begin(), changes_.end()};
}

/// The name is taken at once; the component's code runs where it holds nobody up.
void Server::carry_out(std::uint64_t id, Load& asked) {
    for (auto at = sessions_.begin(); at != sessions_.end();)
        at = at->second->broken() ? sessions_.erase(at) : std::next(at);
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
    const auto session = std::make_shared<Session>(
        asked.component, *manifest, around_, [this](Turns::Work work) { workers_.start(std::move(work)); });
    change(id, session, Changes::existence, [id](Session& it) {
        it.load();
        return said_loaded(id, it.name(), it.manifest());
    });
    sessions_.emplace(asked.component, session);
}

void Server::carry_out(std::uint64_t id, Configure& asked) {
    const std::shared_ptr<Session> session = named(asked.component);
    const auto mentioned = secret_names(asked.settings);
    for (const auto& [name, value] : asked.secrets) {
        if (mentioned.count(name) == 0)
            throw Refusal("secrets", "the settings do not mention the secret \"" + shortened(name) + "\"");
    }
    if (stuck(session)) throw stuck_behind(session->name());
    // Work is copied on its way, and secrets are not.
    const auto given = std::make_shared<Configure>(std::move(asked));
    change(id, session, Changes::settings, [id, given](Session& it) {
        if (it.broken())
            throw Refusal("unknown-component", "\"" + it.name() + "\" could not be loaded; load it first");
        const std::string problem = it.configure(given->settings, std::move(given->secrets));
        return said_configured(id, it.name(), problem);
    });
}

void Server::carry_out(std::uint64_t id, Unload& asked) {
    const std::shared_ptr<Session> session = named(asked.component);
    change(id, session, Changes::existence, [id](Session& it) {
        it.end();
        return said_unloaded(id);
    });
    sessions_.erase(asked.component);
    if (stuck(session)) make_way(session);
}

}  // namespace wfc::serve
