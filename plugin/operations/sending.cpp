#include "operations/sending.hpp"

#include <random>

#include "delivery/persistent_transport.hpp"
#include "delivery/smtp_transport.hpp"
#include "delivery/split_transport.hpp"
#include "diagnosis/diagnosis.hpp"
#include "operations/account_limits.hpp"
#include "operations/account_view.hpp"
#include "operations/course.hpp"
#include "operations/ledger_entry.hpp"
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

SendResult result_of(delivery::Report report, const Envelope& envelope, const Reader& reader) {
    SendResult result;
    result.verdict = report.verdict;
    if (report.reply) result.reply = masked(std::move(*report.reply), reader.hidden);
    result.attempts = std::move(report.attempts);
    explain(result.attempts, reader);
    result.server = std::move(report.server);
    // Nearly always all of them have one fate.
    if (report.verdict == Verdict::accepted) result.accepted.reserve(report.recipients.size());
    for (delivery::RecipientReport& recipient : report.recipients) {
        std::string address = envelope.forward_paths[recipient.place].wire();
        switch (recipient.fate) {
            case delivery::Fate::accepted:
                result.accepted.push_back(std::move(address));
                break;
            case delivery::Fate::rejected:
                result.rejected.push_back({std::move(address), explained(*recipient.facts, reader)});
                break;
            case delivery::Fate::unknown:
                result.unknown.push_back(std::move(address));
                break;
            case delivery::Fate::not_attempted:
                result.not_attempted.push_back(std::move(address));
                break;
        }
        recipient.facts.reset();  // what was explained is not needed twice
    }
    if (report.facts) result.error = explained(std::move(*report.facts), reader);
    return result;
}

void log_outcome(const wfc::Log& log, const SendResult& result) {
    const bool good = result.verdict == Verdict::accepted;
    const wfc::Level level = good ? wfc::Level::info : wfc::Level::warning;
    if (!log.enabled(level)) return;
    std::string fields = R"({"outcome":")" + std::string(to_string(result.verdict)) + R"(","message_id":)" +
                         wfc::Component::quoted(result.message_id) +
                         ",\"total_ms\":" + std::to_string(result.total_ms);
    if (result.error) fields += ",\"error\":" + wfc::Component::quoted(result.error->diagnosis.id);
    log.write(level, "send.finished", fields + "}");
}

/// What will end the sign-in goes along with every result; that it went well (`taken`: by the server, in this
/// call) is remembered.
void look_after(const AccountOAuth& account, Invocation& invocation, bool taken, SendResult& result) {
    if (taken) account.last_good_send().happened();
    const Language language = invocation.language();
    try {
        const std::vector<std::string> warnings =
            account_warnings(account, look_at(account, invocation.account.reader()), language);
        result.warnings.insert(result.warnings.end(), warnings.begin(), warnings.end());
    } catch (const std::exception&) {  // the message's result stands without them
    }
}

delivery::RetryTerms retry_terms(const Invocation& invocation, unsigned attempts) {
    return {.attempts = attempts,
            .diagnose = [language =
                             invocation.language()](const Facts& facts) { return diagnose(facts, language); },
            .chance =
                [dice = std::optional<std::minstd_rand>()]() mutable {
                    if (!dice) dice.emplace(std::random_device{}());  // few messages are tried twice
                    return std::uniform_real_distribution<double>(0, 1)(*dice);
                },
            .waiting =
                [&invocation](std::uint64_t wait_ms, const Facts& why) {
                    invocation.call.progress(R"({"stage":")" + std::string(to_string(why.stage)) +
                                             R"(","retry_in_ms":)" + std::to_string(wait_ms) + "}");
                }};
}

/// Recipients a transaction. Throws wfc::Problem where "all or nobody" would take more than one.
std::optional<std::size_t> room(const Settings& settings, const Composed& composed) {
    const std::optional<unsigned> limit = recipients_per_message(settings);
    const std::size_t recipients = composed.message->envelope().forward_paths.size();
    if (limit && recipients > *limit && settings.delivery.on_partial == OnPartial::fail) {
        throw wfc::Problem(
            WFC_INVALID_INPUT, "/to",
            "/to, /cc and /bcc name " + std::to_string(recipients) + " recipients, and the server takes " +
                std::to_string(*limit) +
                " a message: with delivery.on_partial \"fail\" they cannot be split over several");
    }
    return limit;
}

/// What every result has.
void complete(Invocation& invocation, const Composed& composed, SendResult& result) {
    if (result.message_id.empty()) result.message_id = composed.message_id;
    result.total_ms = invocation.host.clock().monotonic_ms() - invocation.begun_ms;
    log_outcome(invocation.host.log(), result);
}

/// What the ledger knows besides `report`, of a call in which nothing went out.
SendResult as_known(Invocation& invocation, const Composed& composed, LedgerEntry& entry,
                    delivery::Report report) {
    entry.join(report);
    SendResult result =
        result_of(std::move(report), composed.message->envelope(), invocation.account.reader());
    entry.finish(result, invocation.account.reader().hidden);
    complete(invocation, composed, result);
    return result;
}

}  // namespace

SendResult deliver(Invocation& invocation, const Composed& composed, delivery::Route& route, Effort effort) {
    const Settings& settings = invocation.account.settings();
    route.entered = [&](Stage stage) {
        invocation.call.progress(R"({"stage":")" + std::string(to_string(stage)) + "\"}");
    };
    const delivery::Partial partial = on_partial(settings.delivery.on_partial);
    if (effort.apart) route.pipelining = route.chunking = false;
    delivery::SmtpTransport smtp = effort.apart
                                       ? delivery::SmtpTransport(route, partial)
                                       : delivery::SmtpTransport(route, partial, invocation.account.pool());
    delivery::SplitTransport split(smtp, room(settings, composed), partial);
    delivery::PersistentTransport transport(split, retry_terms(invocation, effort.attempts), partial);
    Course course(invocation, effort.entry, composed.message->envelope().forward_paths.size());
    if (settings.delivery.dsn) course.name(composed.message_id);
    delivery::Report report = course.go(transport, *composed.message);
    const bool taken = report.verdict == Verdict::accepted || report.verdict == Verdict::partial;
    if (effort.entry != nullptr) effort.entry->join(report);
    const AccountOAuth* const oauth = invocation.account.oauth();
    SendResult result =
        result_of(std::move(report), composed.message->envelope(), invocation.account.reader());
    if (oauth != nullptr) look_after(*oauth, invocation, taken, result);
    if (effort.entry != nullptr) effort.entry->finish(result, invocation.account.reader().hidden);
    result.queue_ms = course.queue_ms();
    for (const Attempt& attempt : result.attempts) result.retry_ms += attempt.wait_ms;
    complete(invocation, composed, result);
    return result;
}

SendResult already_sent(Invocation& invocation, const Composed& composed, LedgerEntry& entry) {
    return as_known(invocation, composed, entry, {});
}

SendResult not_begun(Invocation& invocation, const Composed& composed, LedgerEntry& entry, const Facts& why) {
    return as_known(invocation, composed, entry, nothing_tried(entry.open(), why));
}

SendResult not_claimed(Invocation& invocation, const Composed& composed, const Facts& why) {
    SendResult result;
    result.error = explained(why, invocation.account.reader());
    result.ledger_ms = invocation.host.clock().monotonic_ms() - invocation.begun_ms;
    complete(invocation, composed, result);
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
