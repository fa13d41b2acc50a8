// `delivery`: how long and how often it is tried, what is remembered of it, and how much an account may send.
#include <charconv>
#include <stdexcept>

#include "message/draft_parser.hpp"
#include "settings/sections.hpp"
#include "wfc/duration.hpp"

namespace mailsend {

namespace {

constexpr unsigned most_of_a_limit = 1'000'000;
constexpr std::int64_t longest_retention_days = 400;

/// Durations as elsewhere, and whole days, in which retention is thought of.
std::chrono::milliseconds retention_of(std::string_view text) {
    using std::chrono::hours;
    const wfc::DurationBounds bounds{hours(1), hours(24 * longest_retention_days)};
    if (!text.ends_with('d')) return wfc::parse_duration(text, bounds);
    std::int64_t days = 0;
    const char* const end = text.data() + text.size() - 1;
    const auto [at, fault] = std::from_chars(text.data(), end, days);
    if (at != end || text.front() < '0' || text.front() > '9')
        throw std::invalid_argument("is no duration; write a whole number and its unit: 12h or 30d");
    if (fault == std::errc::result_out_of_range || days > longest_retention_days)
        throw std::invalid_argument("is longer than " + std::to_string(longest_retention_days) + "d");
    if (days == 0) throw std::invalid_argument("is shorter than " + wfc::duration_words(bounds.shortest));
    return hours(24 * days);
}

DeliveryLimits limits_of(const nlohmann::json& value, const std::string& pointer) {
    wfc::Fields fields(value, pointer, WFC_INVALID_SETTINGS);
    allow_only(fields,
               {"messages_per_minute", "messages_per_day", "recipients_per_day", "recipients_per_message"});
    const auto limit = [&](std::string_view member) { return count_of(fields, member, 1, most_of_a_limit); };
    return {.messages_per_minute = limit("messages_per_minute"),
            .messages_per_day = limit("messages_per_day"),
            .recipients_per_day = limit("recipients_per_day"),
            .recipients_per_message = limit("recipients_per_message")};
}

}  // namespace

void read_delivery(wfc::Fields& fields, DeliverySettings& delivery) {
    const auto on = [&](std::string_view member, bool unless_said) {
        const auto choice = fields.choice(member, {"on", "off"});
        return choice ? *choice == "on" : unless_said;
    };
    const auto on_partial = fields.choice("on_partial", {"report", "fail", "ignore"}).value_or("report");
    if (on_partial == "fail") delivery.on_partial = OnPartial::fail;
    if (on_partial == "ignore") delivery.on_partial = OnPartial::ignore;
    read_duration(fields, "deadline", delivery.deadline);
    delivery.attempts = count_of(fields, "attempts", 1, 10).value_or(delivery.attempts);
    delivery.ledger = on("ledger", delivery.ledger);
    if (const auto text = fields.string("ledger_retention"))
        delivery.ledger_retention = located(fields, "ledger_retention", *text, retention_of);
    if (fields.choice("on_unknown", {"report", "resend"}).value_or("report") == "resend")
        delivery.on_unknown = OnUnknown::resend;
    delivery.max_connections = count_of(fields, "max_connections", 1, 100);
    delivery.messages_per_connection =
        count_of(fields, "messages_per_connection", 1, 100'000).value_or(delivery.messages_per_connection);
    read_duration(fields, "idle_timeout", delivery.idle_timeout);
    delivery.pipelining = on("pipelining", delivery.pipelining);
    delivery.chunking = on("chunking", delivery.chunking);
    delivery.in_flight = count_of(fields, "in_flight", 1, 64).value_or(delivery.in_flight);
    delivery.dsn = on("dsn", delivery.dsn);
    if (const nlohmann::json* limits = fields.find("limits"))
        delivery.limits = limits_of(*limits, fields.pointer_of("limits"));
}

}  // namespace mailsend
