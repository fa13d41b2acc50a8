// The operation `test-connection`: everything up to signing in, then QUIT; no mail.
#include "delivery/connection.hpp"
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
    const ordered_json extra{
        {"report", stage_report(stages_of_connection(route.protection), connection.attempt(), error,
                                [&](Stage stage) { return fact(stage, connection); })}};
    connection.quit(invocation.patience);
    if (error) {
        hand_over(invocation, failed_document(verdict, *error, extra));
    } else {
        ordered_json document{{"format", 1}, {"outcome", "succeeded"}};
        document.update(extra);
        hand_over(invocation, document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return status_of(verdict);
}

}  // namespace mailsend
