/// An account on a host in memory and one call on it, ready for an operation.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "operations/invocation.hpp"
#include "testhost/testhost.hpp"

namespace test {

inline constexpr const char* settings_json =
    R"({"server":{"kind":"custom","host":"mail.example.test"},"auth":{"method":"password","username":"alice",
        "password":{"$secret":"p"}},"from":"Alice <alice@example.test>"})";

/// Ten seconds of the host's clock, never cancelled.
inline mailsend::net::Patience patience(const wfc::testhost::TestHost& host) {
    const wfc::Clock clock = wfc::Host(host.table()).clock();
    return {clock, {}, clock.monotonic_ms() + 10'000};
}

/// Change `host`, `call` and `settings` first; `run` makes the account and the invocation. Not copyable.
struct ReadyCall {
    explicit ReadyCall(const char* operation, std::string input = "{}") : call(operation, std::move(input)) {
        host.secret("p", "correct horse");
    }

    /// Changes settings as RFC 7396 does: null takes a member away.
    ReadyCall& with(const nlohmann::json& change) {
        settings.merge_patch(change);
        return *this;
    }

    /// Runs the operation and gives back its status; `document` is then what it wrote, if it was JSON.
    wfc_status run(wfc_status (*operation)(mailsend::Invocation&)) {
        const wfc::Host view(host.table());
        const mailsend::Account account(mailsend::parse_settings(settings.dump()), view);
        wfc::Call given(call.table());
        mailsend::Invocation invocation{account, view, given, mailsend::patience_of(account, view, given)};
        const wfc_status status = operation(invocation);
        document = nlohmann::json::parse(call.result(), nullptr, false);
        return status;
    }

    wfc::testhost::TestHost host;
    wfc::testhost::TestCall call;
    nlohmann::json settings = nlohmann::json::parse(settings_json);
    nlohmann::json document;
};

/// The problem that `act` throws, or nothing.
template <class Act>
std::optional<wfc::Problem> problem_of(Act act) {
    try {
        act();
    } catch (const wfc::Problem& problem) {
        return problem;
    }
    return std::nullopt;
}

}  // namespace test
