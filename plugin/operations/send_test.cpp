// The operation `send-test`: the settings as they stand, one address, a message that says where it comes
// from.
#include "message/draft_parser.hpp"
#include "operations/account_identity.hpp"
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

[[noreturn]] void refuse(const std::string& why) {
    throw wfc::Problem(WFC_INVALID_SETTINGS, "/from",
                       "/from is missing: a test message needs a sender, " + why);
}

/// The account's sender; without one the user name, where that is a mailbox.
Mailbox test_sender(const Settings& settings) {
    if (const auto sender = sender_of(settings)) return sender->mailbox;
    if (settings.message->contains("from")) {
        refuse("and /message/from holds a template, which takes a message to fill in");
    }
    const std::string user = user_name_of(settings);
    if (user.empty()) refuse("so write the account's sender there");
    const Provider* const provider = provider_of(settings.server);
    if (provider != nullptr &&
        (provider->user_name == UserNameForm::any || provider->user_name == UserNameForm::literal)) {
        refuse("and the user names of " + provider->name + " are no senders");
    }
    const auto address = address_in(user);
    if (!address) refuse("and the user name is no address");
    return {"", *address};
}

/// The stages of a connection, and those of a message. No login where the settings ask for none.
std::vector<Stage> stages_of(const delivery::Route& route) {
    std::vector<Stage> stages = stages_of_connection(route.protection);
    if (!route.credentials) std::erase(stages, Stage::auth);
    stages.insert(stages.end(), {Stage::mail, Stage::rcpt, Stage::data, Stage::dot});
    return stages;
}

/// An empty one where no connection was allowed.
const Attempt& last_attempt(const SendResult& result) {
    static const Attempt none{};
    return result.attempts.empty() ? none : result.attempts.back();
}

std::string fact(Stage stage, const SendResult& result) {
    switch (stage) {
        case Stage::connect:
            return last_attempt(result).address;
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
    // Before anything is asked of the settings that they could not be used with.
    delivery::Route route = invocation.account.route(invocation.patience, oauth::Asking::person);
    const Settings& settings = invocation.account.settings();
    const Composed composed = compose_draft(invocation, test_message(settings, test_sender(settings), to));
    const SendResult result = deliver(invocation, composed, route, {.apart = true});
    const std::vector<Stage> stages = stages_of(route);
    const nlohmann::ordered_json report = stage_report(
        stages, last_attempt(result), result.error, [&](Stage stage) { return fact(stage, result); },
        invocation.account.reader());
    hand_over(invocation, send_document(result, {{"report", report}}));
    return status_of(result.verdict);
}

}  // namespace mailsend
