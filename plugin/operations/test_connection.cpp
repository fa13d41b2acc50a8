// The operation `test-connection`: everything up to signing in, then QUIT; no mail.
#include "delivery/sign_in.hpp"
#include "diagnosis/diagnosis.hpp"
#include "operations/sending.hpp"
#include "operations/stage_report.hpp"
#include "outcome/document.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using delivery::Connection;
using nlohmann::ordered_json;

void check_input(std::string_view input) {
    const nlohmann::json json = wfc::parse_json(input, WFC_INVALID_INPUT, "input");
    wfc::Fields fields(json, "", WFC_INVALID_INPUT);
    fields.format();
    fields.planned({"to"});
    fields.done();
}

std::string capabilities_text(const smtp::Capabilities& offered) {
    std::string text;
    const auto say = [&](bool there, std::string_view word) {
        if (there) text.append(text.empty() ? "" : " ").append(word);
    };
    say(offered.starttls, "STARTTLS");
    say(offered.pipelining, "PIPELINING");
    say(offered.chunking, "CHUNKING");
    say(offered.eight_bit_mime, "8BITMIME");
    say(offered.smtputf8, "SMTPUTF8");
    say(offered.dsn, "DSN");
    if (offered.size) say(true, "SIZE=" + std::to_string(*offered.size));
    for (const std::string& name : offered.auth_mechanisms) say(true, "AUTH=" + name);
    return text;
}

/// The fact worth reading about a stage that went well.
std::string fact(Stage stage, const Connection& connection) {
    switch (stage) {
        case Stage::resolve: {
            std::string list;
            for (const std::string& address : connection.addresses())
                list += (list.empty() ? "" : ", ") + address;
            return list;
        }
        case Stage::connect:
            return connection.attempt().address;
        case Stage::tls: {
            const auto tls = connection.tls();
            return tls ? tls->version + " " + tls->cipher + ", " + tls->subject : "";
        }
        case Stage::ehlo:
            return capabilities_text(connection.capabilities());
        case Stage::auth:
            return connection.server().auth;
        default:
            return "";
    }
}

/// The route, or why there is none: a token that cannot be had is a row of the report like any other.
struct Found {
    std::optional<delivery::Route> route{};
    std::optional<Error> error{};
    std::uint64_t token_ms = 0;
};

Found find_route(Invocation& invocation) {
    Found found;
    const std::uint64_t begun = invocation.host.clock().monotonic_ms();
    if (invocation.account.oauth() != nullptr) invocation.call.progress(R"({"stage":"token"})");
    try {
        found.route = invocation.account.route(invocation.patience, oauth::Asking::person);
    } catch (const Failure& failure) {
        if (failure.facts().stage != Stage::token) throw;
        found.error = explained(failure.facts(), invocation.language());
    }
    found.token_ms = invocation.host.clock().monotonic_ms() - begun;
    return found;
}

std::vector<Stage> stages_of(const Invocation& invocation) {
    std::vector<Stage> stages = stages_of_connection(protection_of(invocation.account.settings().server));
    if (invocation.account.oauth() != nullptr) stages.insert(stages.begin(), Stage::token);
    return stages;
}

/// What the connection came to; its verdict is succeeded, failed or cancelled.
struct Opened {
    Verdict verdict = Verdict::succeeded;
    std::optional<Error> error{};
};

Opened open(delivery::SignIn& sign_in, Invocation& invocation) {
    try {
        sign_in.open(invocation.patience);
        return {};
    } catch (const Failure& failure) {
        return {Verdict::failed, explained(failure.facts(), invocation.language())};
    } catch (const Cancelled& cancelled) {
        return {Verdict::cancelled, explained(Failure(sign_in.stage(), "cancelled", cancelled.what()).facts(),
                                              invocation.language())};
    }
}

void hand_over_report(Invocation& invocation, const Opened& opened, const ordered_json& report) {
    const ordered_json extra{{"report", report}};
    if (opened.error) {
        hand_over(invocation, failed_document(opened.verdict, *opened.error, extra));
        return;
    }
    ordered_json document{{"format", 1}, {"outcome", "succeeded"}};
    document.update(extra);
    hand_over(invocation, document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

wfc_status test_connection(Invocation& invocation) {
    check_input(invocation.call.input());
    const std::vector<Stage> stages = stages_of(invocation);
    const Found found = find_route(invocation);
    const std::string token(to_string(Stage::token));
    if (!found.route) {
        Attempt none;
        none.timing_ms[token] = found.token_ms;
        const Opened failed{Verdict::failed, found.error};
        hand_over_report(invocation, failed,
                         stage_report(stages, none, found.error, [](Stage) { return ""; }));
        return status_of(failed.verdict);
    }
    delivery::SignIn sign_in(*found.route);
    const Opened opened = open(sign_in, invocation);
    const Connection& connection = sign_in.connection();
    Attempt attempt = connection.attempt();
    if (invocation.account.oauth() != nullptr) attempt.timing_ms[token] += found.token_ms;
    const ordered_json report =
        stage_report(stages, attempt, opened.error, [&](Stage stage) { return fact(stage, connection); });
    sign_in.connection().quit(invocation.patience);
    hand_over_report(invocation, opened, report);
    return status_of(opened.verdict);
}

}  // namespace mailsend
