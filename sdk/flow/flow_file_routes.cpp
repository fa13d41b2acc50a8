#include "flow/flow_file_routes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "wfc/json.hpp"

namespace wfc::flow {

namespace {

constexpr std::array<std::string_view, 8> outcomes = {"accepted", "succeeded", "partial",   "rejected",
                                                      "failed",   "unknown",   "cancelled", "warning"};

Route route_to(const std::vector<Step>& steps, const std::string& word, const std::string& pointer) {
    if (word == "log") return {Route::Kind::log, 0};
    if (word == "stop") return {Route::Kind::stop, 0};
    std::vector<std::string_view> known = {"log", "stop"};
    for (const Step& step : steps) {
        if (step.id == word) return {Route::Kind::step, known.size() - 2};
        known.emplace_back(step.id);
    }
    std::string sentence = shortened(pointer) + " must be \"log\", \"stop\" or the id of a step, and \"" +
                           shortened(word) + "\" is none of them";
    if (const auto near = nearest(word, known); !near.empty()) {
        sentence.append("; did you mean \"").append(near).append("\"?");
    }
    throw Problem(WFC_INVALID_INPUT, pointer, sentence);
}

std::map<std::string, Route> resolve(const std::vector<Step>& steps, const WrittenRoutes& written) {
    std::map<std::string, Route> on;
    for (const auto& [outcome, word] : written.words) {
        on[outcome] = route_to(steps, word, pointer_to(written.pointer, outcome));
    }
    return on;
}

/// Looks for a circle with a walk in depth. One thread, used once.
class Circles {
  public:
    Circles(const std::vector<Step>& steps, std::span<const WrittenRoutes> written)
        : steps_(steps), written_(written), state_(steps.size(), State::fresh) {}

    void refuse_any() {
        for (std::size_t i = 0; i < steps_.size(); ++i) visit(i);
    }

  private:
    enum class State : unsigned char { fresh, open, done };

    // At most as deep as there are steps, which the reader bounds.
    void visit(std::size_t at) {
        if (state_[at] == State::done) return;
        path_.push_back(at);
        if (state_[at] == State::open) refuse(at);
        state_[at] = State::open;
        for (const auto& [outcome, route] : steps_[at].on) {
            if (route.kind == Route::Kind::step) visit(route.step);
        }
        state_[at] = State::done;
        path_.pop_back();
    }

    /// Where the file says that `step` is followed by `next`; empty where the step inherits it.
    std::string place_of(std::size_t step, std::size_t next) const {
        for (const auto& [outcome, word] : written_[step].words) {
            if (word == steps_[next].id) return pointer_to(written_[step].pointer, outcome);
        }
        return {};
    }

    [[noreturn]] void refuse(std::size_t at) {
        path_.erase(path_.begin(), std::find(path_.begin(), path_.end(), at));
        path_.pop_back();
        // Inherited routes lead to steps that inherit none: one at least of each circle is written in a step.
        std::string pointer;
        for (std::size_t i = 0; i < path_.size(); ++i) {
            pointer = place_of(path_[0], path_[1 % path_.size()]);
            if (!pointer.empty()) break;
            std::rotate(path_.begin(), path_.begin() + 1, path_.end());
        }
        std::string names;
        for (const std::size_t step : path_) names += steps_[step].id + " -> ";
        throw Problem(WFC_INVALID_INPUT, pointer,
                      shortened(pointer) + " leads in a circle: " + names + steps_[path_[0]].id +
                          "; let one of these steps end it with \"stop\" or \"log\" in its own \"on\"");
    }

    const std::vector<Step>& steps_;
    std::span<const WrittenRoutes> written_;
    std::vector<State> state_;
    std::vector<std::size_t> path_;
};

}  // namespace

WrittenRoutes read_routes(const nlohmann::json& on, std::string pointer) {
    Fields fields(on, std::move(pointer), WFC_INVALID_INPUT);
    WrittenRoutes out{fields.pointer(), {}};
    for (const std::string_view outcome : outcomes) {
        if (const auto word = fields.string(outcome)) out.words.emplace(outcome, *word);
    }
    fields.done();
    return out;
}

std::map<std::string, Route> connect(std::vector<Step>& steps, const WrittenRoutes& of_flow,
                                     std::span<const WrittenRoutes> of_steps) {
    std::map<std::string, Route> defaults = resolve(steps, of_flow);
    const auto target = [&](const Route& route) {
        if (route.kind == Route::Kind::step) steps[route.step].only_by_route = true;
    };
    std::vector<bool> named_by_flow(steps.size());
    for (const auto& [outcome, route] : defaults) {
        target(route);
        if (route.kind == Route::Kind::step) named_by_flow[route.step] = true;
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
        std::map<std::string, Route>& on = steps[i].on;
        on = resolve(steps, of_steps[i]);
        for (const auto& [outcome, route] : on) target(route);
        for (const auto& [outcome, route] : defaults) {
            if (route.kind != Route::Kind::step || !named_by_flow[i]) on.emplace(outcome, route);
        }
        if (const auto failed = on.find("failed"); failed != on.end())
            on.emplace("cancelled", failed->second);
    }
    Circles(steps, of_steps).refuse_any();
    if (std::all_of(steps.begin(), steps.end(), [](const Step& step) { return step.only_by_route; })) {
        throw Problem(
            WFC_INVALID_INPUT, "/steps",
            "/steps has no step to begin with: each is named in an \"on\" and runs only through it");
    }
    return defaults;
}

}  // namespace wfc::flow
