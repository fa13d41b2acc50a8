/// A world whose flows have an account that is looked after.
#pragma once

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "world.hpp"

namespace wfc::flow::test {

inline const std::string steps_with_alert =
    R"([{"id":"mail","component":"c","operation":"o"},{"id":"alert","component":"c","operation":"o"}])";
inline const std::string to_alert = R"("on":{"warning":"alert"})";

inline Step account(const std::string& settings = "/s.json") {
    Step out;
    out.id = out.operation = "account-status";
    out.component = "c";
    out.settings = settings;
    out.input = "{}";
    return out;
}

inline StepResult warns(const std::string& sentence) {
    return {0, nlohmann::json{{"outcome", "succeeded"}, {"account", {{"warnings", {sentence}}}}}.dump()};
}

struct Watched : World {
    explicit Watched(const char* now) {
        clock.set(utc(now));
        steps.accounts = {account()};
    }
    /// The times at which the account was asked.
    std::vector<std::string> asked() const {
        std::vector<std::string> out;
        for (const std::string& id : steps.ids("/account-status/")) {
            if (!testing::Value(id, testing::EndsWith("/alert")))
                out.push_back(id.substr(2, id.find('/', 2) - 2));
        }
        return out;
    }
    std::size_t alerts() const { return steps.ids("/account-status/").size() - asked().size(); }
};

}  // namespace wfc::flow::test
