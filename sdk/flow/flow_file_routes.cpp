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
    explicit Circles(const std::vector<Step>& steps) : steps_(steps), state_(steps.size(), State::fresh) {}

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

    [[noreturn]] void refuse(std::size_t at) const {
        std::string names;
        const auto begin = std::find(path_.begin(), path_.end(), at);
        for (auto step = begin; step != path_.end(); ++step) {
            names += (names.empty() ? "" : " -> ") + steps_[*step].id;
        }
        const std::string pointer = "/steps/" + std::to_string(at) + "/on";
        throw Problem(WFC_INVALID_INPUT, pointer,
                      pointer + " leads in a circle: " + names +
                          "; let one of these steps end it with \"stop\" or \"log\" in its own \"on\"");
    }

    const std::vector<Step>& steps_;
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

void connect(std::vector<Step>& steps, const WrittenRoutes& of_flow,
             std::span<const WrittenRoutes> of_steps) {
    const std::map<std::string, Route> defaults = resolve(steps, of_flow);
    const auto target = [&](const Route& route) {
        if (route.kind == Route::Kind::step) steps[route.step].only_by_route = true;
    };
    for (const auto& [outcome, route] : defaults) target(route);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        std::map<std::string, Route>& on = steps[i].on;
        on = resolve(steps, of_steps[i]);
        for (const auto& [outcome, route] : on) target(route);
        for (const auto& [outcome, route] : defaults) {
            const bool to_itself = route.kind == Route::Kind::step && route.step == i;
            if (!to_itself) on.emplace(outcome, route);
        }
        if (const auto failed = on.find("failed"); failed != on.end())
            on.emplace("cancelled", failed->second);
    }
    Circles(steps).refuse_any();
    if (std::all_of(steps.begin(), steps.end(), [](const Step& step) { return step.only_by_route; })) {
        throw Problem(
            WFC_INVALID_INPUT, "/steps",
            "/steps has no step to begin with: each is named in an \"on\" and runs only through it");
    }
}

}  // namespace wfc::flow
