#include "governor/admission.hpp"

#include "outcome/utc_time.hpp"

namespace mailsend::governor {

namespace {

void ask(Admission& answer, const Window& window, std::uint64_t time_ms, std::uint64_t amount,
         const std::optional<unsigned>& limit, const char* name) {
    if (!limit || answer.never) return;
    const auto wait_ms = window.wait_ms(time_ms, amount, *limit);
    if (wait_ms && *wait_ms <= answer.wait_ms) return;
    answer.never = !wait_ms;
    answer.wait_ms = wait_ms.value_or(0);
    answer.limit = name;
    answer.allowed = *limit;
}

/// RFC 3339 in whole seconds, not before `unix_ms`.
std::string utc(std::int64_t unix_ms) {
    return utc_text((unix_ms + 999) / 1000);
}

std::string in_words(std::string_view limit, unsigned allowed) {
    const std::string number = std::to_string(allowed);
    const bool one = allowed == 1;
    if (limit == "messages_per_minute") return number + (one ? " message a minute" : " messages a minute");
    if (limit == "messages_per_day") return number + (one ? " message a day" : " messages a day");
    return number + (one ? " recipient a day" : " recipients a day");
}

}  // namespace

Admission asked(const WindowRecord& record, std::uint64_t time_ms, const Limits& limits,
                std::size_t recipients) {
    Admission answer;
    ask(answer, record.minute, time_ms, 1, limits.messages_per_minute, "messages_per_minute");
    ask(answer, record.day, time_ms, 1, limits.messages_per_day, "messages_per_day");
    ask(answer, record.recipients, time_ms, recipients, limits.recipients_per_day, "recipients_per_day");
    return answer;
}

Failure refused(const Admission& admission, std::size_t recipients, std::int64_t now_unix_ms) {
    const std::string condition = std::string("limit.") + admission.limit;
    const std::string words = "this account may send " + in_words(admission.limit, admission.allowed);
    const auto with_numbers = [&](Failure failure) {
        return std::move(failure)
            .with("limit", std::to_string(admission.allowed))
            .with("recipients", std::to_string(recipients));
    };
    if (admission.never) {
        return with_numbers(Failure(Stage::mail, condition,
                                    words + ", and this message alone has " + std::to_string(recipients) +
                                        (recipients == 1 ? " recipient" : " recipients")))
            .with("alone", "yes");
    }
    const std::string at = utc(now_unix_ms + static_cast<std::int64_t>(admission.wait_ms));
    return with_numbers(Failure(Stage::mail, condition, words + ", and the next one may go at " + at))
        .with("retry_after_ms", std::to_string(admission.wait_ms))
        .with("seconds", std::to_string((admission.wait_ms + 999) / 1000))
        .with("at", at);
}

}  // namespace mailsend::governor
