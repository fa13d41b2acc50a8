// The operation `send-test`: the settings as they stand, one address, a message that says where it comes
// from.
#include "message/draft_parser.hpp"
#include "operations/sending.hpp"
#include "operations/stage_report.hpp"
#include "operations/test_message.hpp"
#include "outcome/document.hpp"
#include "wfc/json.hpp"

namespace mailsend {
namespace {

Mailbox recipient_of(std::string_view input) {
    const nlohmann::json json = wfc::parse_json(input, WFC_INVALID_INPUT, "input");
    wfc::Fields fields(json, "", WFC_INVALID_INPUT);
    allow_only(fields, {"format", "to"});
    fields.format();
    return mailbox_of(fields.require("to"), {WFC_INVALID_INPUT, "/to"});
}

/// The account's own sender; without one the user name, where that is an address.
Mailbox sender_of(const Settings& settings) {
    if (settings.from) return *settings.from;
    const std::string user = settings.auth ? settings.auth->username : "";
    try {
        return {"", parse_addr_spec(user)};
    } catch (const std::invalid_argument&) {
        throw wfc::Problem(
            WFC_INVALID_SETTINGS, "/from",
            "/from is missing: a test message needs a sender, and the user name is no address");
    }
}

/// The stages of a connection, and those of a message.
std::vector<Stage> stages_of(const delivery::Route& route) {
    std::vector<Stage> stages = stages_of_connection(route.protection);
    stages.insert(stages.end(), {Stage::mail, Stage::rcpt, Stage::data, Stage::dot});
    return stages;
}

std::string fact(Stage stage, const SendResult& result) {
    switch (stage) {
        case Stage::connect:
            return result.attempts.front().address;
        case Stage::tls:
            return result.server.tls;
        case Stage::auth:
            return result.server.auth;
        case Stage::dot:
            return result.reply ? printable(result.reply->words(), 512) : "";
        default:
            return "";
    }
}

}  // namespace

wfc_status send_test(Invocation& invocation) {
    const Mailbox to = recipient_of(invocation.call.input());
    const Settings& settings = invocation.account.settings();
    const Composed composed = compose_draft(invocation, test_message(settings, sender_of(settings), to));
    delivery::Route route = invocation.account.route();
    const SendResult result = deliver(invocation, composed, route);
    const std::vector<Stage> stages = stages_of(route);
    const nlohmann::ordered_json report = stage_report(stages, result.attempts.front(), result.error,
                                                       [&](Stage stage) { return fact(stage, result); });
    hand_over(invocation, send_document(result, {{"report", report}}));
    return status_of(result.verdict);
}

}  // namespace mailsend
