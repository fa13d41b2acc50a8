// The operation `test-connection`: everything up to signing in, then QUIT; no mail.
#include <vector>

#include "delivery/connection.hpp"
#include "diagnosis/diagnosis.hpp"
#include "operations/invocation.hpp"
#include "outcome/document.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

using delivery::Connection;
using nlohmann::ordered_json;

/// The stages of a connection in their order.
std::vector<Stage> stages_of(smtp::Protection protection) {
    switch (protection) {
        case smtp::Protection::implicit_tls:
            return {Stage::resolve, Stage::connect, Stage::tls, Stage::greeting, Stage::ehlo, Stage::auth};
        case smtp::Protection::starttls:
            return {Stage::resolve,  Stage::connect, Stage::greeting, Stage::ehlo,
                    Stage::starttls, Stage::tls,     Stage::auth};
        default:
            return {Stage::resolve, Stage::connect, Stage::greeting, Stage::ehlo, Stage::auth};
    }
}

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

ordered_json row(Stage stage, const char* verdict, std::uint64_t timing_ms, const std::string& text) {
    return {{"stage", to_string(stage)}, {"verdict", verdict}, {"timing_ms", timing_ms}, {"text", text}};
}

/// One row a stage; `error` ends the good ones.
ordered_json report_of(const Connection& connection, smtp::Protection protection,
                       const std::optional<Error>& error) {
    const auto& timing = connection.attempt().timing_ms;
    ordered_json report = ordered_json::array();
    for (const Stage stage : stages_of(protection)) {
        const auto spent = timing.find(std::string(to_string(stage)));
        const std::uint64_t timing_ms = spent == timing.end() ? 0 : spent->second;
        if (error && error->facts.stage == stage) {
            ordered_json last = row(stage, "failed", timing_ms, message_of(error->facts));
            last["error"] = to_json(*error);
            report.push_back(std::move(last));
        } else if (spent != timing.end()) {
            report.push_back(row(stage, "ok", timing_ms, fact(stage, connection)));
        } else {
            report.push_back(row(stage, "skipped", 0, ""));
        }
    }
    return report;
}

}  // namespace

wfc_status test_connection(Invocation& invocation) {
    check_input(invocation.call.input());
    const delivery::Route route = invocation.account.route();
    Connection connection(route);
    std::optional<Error> error;
    Verdict verdict = Verdict::succeeded;
    try {
        connection.open(invocation.patience);
    } catch (const Failure& failure) {
        verdict = Verdict::failed;
        error = explained(failure.facts(), invocation.language());
    } catch (const Cancelled& cancelled) {
        verdict = Verdict::cancelled;
        error = explained(Failure(connection.stage(), "cancelled", cancelled.what()).facts(),
                          invocation.language());
    }
    const ordered_json extra{{"report", report_of(connection, route.protection, error)}};
    connection.quit(invocation.patience);
    if (error) {
        invocation.call.result(failed_document(verdict, *error, extra));
    } else {
        ordered_json document{{"format", 1}, {"outcome", "succeeded"}};
        document.update(extra);
        invocation.call.result(document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return status_of(verdict);
}

}  // namespace mailsend
