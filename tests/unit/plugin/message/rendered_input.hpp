/// Inputs that say of themselves that they are templates, for tests of what becomes of them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "message/draft.hpp"
#include "wfc/json.hpp"

namespace mailsend::test {

/// A message with `member`, rendered over `payload`.
inline nlohmann::json marked(const char* member, nlohmann::json value, nlohmann::json payload) {
    nlohmann::json input = {{"render", true},
                            {"from", "a@example.test"},
                            {"to", "b@example.test"},
                            {"text", "x"},
                            {"payload", std::move(payload)}};
    input[member] = std::move(value);
    return input;
}

inline Draft drafted(const nlohmann::json& input, const nlohmann::json& defaults = nlohmann::json(),
                     const nlohmann::json& templates = nlohmann::json::object()) {
    return parse_draft(input.dump(), defaults, std::nullopt, &templates);
}

inline wfc::Problem refusal(const nlohmann::json& input, const nlohmann::json& defaults = nlohmann::json(),
                            const nlohmann::json& templates = nlohmann::json::object()) {
    try {
        drafted(input, defaults, templates);
    } catch (const wfc::Problem& problem) {
        EXPECT_THAT(problem.what(), testing::StartsWith(problem.pointer()));
        return problem;
    }
    ADD_FAILURE() << "was accepted: " << input.dump().substr(0, 300);
    return {WFC_OK, "", ""};
}

inline std::vector<std::string> wires(const std::vector<Mailbox>& mailboxes) {
    std::vector<std::string> out;
    for (const Mailbox& mailbox : mailboxes) out.push_back(mailbox.address.wire());
    return out;
}

}  // namespace mailsend::test
