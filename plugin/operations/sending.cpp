#include "operations/sending.hpp"

#include "delivery/smtp_transport.hpp"
#include "diagnosis/diagnosis.hpp"
#include "operations/account_view.hpp"
#include "outcome/masking.hpp"

namespace mailsend {
namespace {

delivery::Partial on_partial(OnPartial setting) noexcept {
    switch (setting) {
        case OnPartial::fail:
            return delivery::Partial::fail;
        case OnPartial::ignore:
            return delivery::Partial::ignore;
        default:
            return delivery::Partial::report;
    }
}

SendResult result_of(delivery::Report report, const Reader& reader) {
    SendResult result;
    result.verdict = report.verdict;
    if (report.reply) result.reply = masked(std::move(*report.reply), reader.hidden);
    result.attempts = std::move(report.attempts);
    explain(result.attempts, reader);
    result.server = std::move(report.server);
    for (delivery::RecipientReport& recipient : report.recipients) {
        switch (recipient.fate) {
            case delivery::Fate::accepted:
                result.accepted.push_back(std::move(recipient.address));
                break;
            case delivery::Fate::rejected:
                result.rejected.push_back(
                    {std::move(recipient.address), explained(std::move(*recipient.facts), reader)});
                break;
            case delivery::Fate::unknown:
                result.unknown.push_back(std::move(recipient.address));
                break;
            case delivery::Fate::not_attempted:
                result.not_attempted.push_back(std::move(recipient.address));
                break;
        }
    }
    if (report.facts) result.error = explained(std::move(*report.facts), reader);
    return result;
}

void log_outcome(const wfc::Log& log, const SendResult& result) {
    const bool good = result.verdict == Verdict::accepted;
    std::string fields = R"({"outcome":")" + std::string(to_string(result.verdict)) + R"(","message_id":)" +
                         wfc::Component::quoted(result.message_id) +
                         ",\"total_ms\":" + std::to_string(result.total_ms);
    if (result.error) fields += ",\"error\":" + wfc::Component::quoted(result.error->diagnosis.id);
    log.write(good ? wfc::Level::info : wfc::Level::warning, "send.finished", fields + "}");
}

/// What will end the sign-in goes along with every result; that it went well is remembered.
void look_after(const AccountOAuth& account, Invocation& invocation, SendResult& result) {
    if (result.verdict == Verdict::accepted || result.verdict == Verdict::partial)
        account.last_good_send().happened();
    const Language language = invocation.language();
    try {
        const std::vector<std::string> warnings =
            account_warnings(account, look_at(account, invocation.account.reader()), language);
        result.warnings.insert(result.warnings.end(), warnings.begin(), warnings.end());
    } catch (const std::exception&) {  // the message's result stands without them
    }
}

}  // namespace

SendResult deliver(Invocation& invocation, const Composed& composed, delivery::Route& route) {
    const std::uint64_t begun = invocation.host.clock().monotonic_ms();
    route.entered = [&](Stage stage) {
        invocation.call.progress(R"({"stage":")" + std::string(to_string(stage)) + "\"}");
    };
    delivery::SmtpTransport transport(route, on_partial(invocation.account.settings().delivery.on_partial));
    delivery::Report report = transport.deliver(*composed.message, invocation.patience);
    const AccountOAuth* const oauth = invocation.account.oauth();
    SendResult result = result_of(std::move(report), invocation.account.reader());
    if (oauth != nullptr) look_after(*oauth, invocation, result);
    result.message_id = composed.message_id;
    result.total_ms = invocation.host.clock().monotonic_ms() - begun;
    log_outcome(invocation.host.log(), result);
    return result;
}

void hand_over(Invocation& invocation, const std::string& document) {
    try {
        invocation.call.result(document);
    } catch (const wfc::StreamFailed&) {  // what happened to the message does not depend on who listens
        invocation.host.log().write(wfc::Level::error, "send.result_lost", "{}");
    }
}

}  // namespace mailsend
