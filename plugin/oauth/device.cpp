#include "oauth/device.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "net/wait.hpp"
#include "oauth/answer_object.hpp"
#include "oauth/exchange.hpp"

namespace mailsend::oauth {
namespace {

constexpr std::size_t longest_url = 2048;
constexpr std::size_t longest_user_code = 64;
constexpr std::size_t longest_device_code = 4096;
constexpr std::int64_t longest_interval_s = 300;
constexpr std::int64_t longest_life_s = 86'400;
constexpr std::int64_t slow_down_s = 5;

/// It is shown to a person and opened: no characters that hide something, and no other schemes.
bool may_be_opened(std::string_view url) {
    const bool web = url.starts_with("https://") || url.starts_with("http://");
    return web && url.size() <= longest_url &&
           std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

bool may_be_shown(std::string_view code) {
    return !code.empty() && code.size() <= longest_user_code &&
           std::all_of(code.begin(), code.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

DeviceCode code_of(const AnswerObject& said, const net::HttpAnswer& answer, const Asked& asked) {
    DeviceCode code;
    code.device_code = said.secret("device_code").value_or(wfc::SecretString());
    if (code.device_code.empty()) throw garbage(asked, answer, "has no device_code");
    if (code.device_code.size() > longest_device_code)
        throw garbage(asked, answer, "has a device_code of more than 4 KiB");
    code.user_code = said.text("user_code").value_or("");
    if (!may_be_shown(code.user_code)) throw garbage(asked, answer, "has no user_code that can be shown");
    // Google and early drafts call it verification_url.
    auto uri = said.text("verification_uri");
    code.verification_uri = uri ? *uri : said.text("verification_url").value_or("");
    if (!may_be_opened(code.verification_uri))
        throw garbage(asked, answer, "has no verification_uri that can be opened");
    code.verification_uri_complete = said.text("verification_uri_complete").value_or("");
    if (!may_be_opened(code.verification_uri_complete)) code.verification_uri_complete.clear();
    code.interval_s =
        std::clamp<std::int64_t>(said.seconds("interval").value_or(code.interval_s), 1, longest_interval_s);
    code.expires_in_s =
        std::clamp<std::int64_t>(said.seconds("expires_in").value_or(code.expires_in_s), 1, longest_life_s);
    return code;
}

void pause_until(std::uint64_t end_ms, const wfc::Clock& clock, const net::Patience& patience) {
    for (std::uint64_t now = clock.monotonic_ms(); now < end_ms; now = clock.monotonic_ms()) {
        const std::uint64_t left = std::min<std::uint64_t>(end_ms - now, std::numeric_limits<int>::max());
        net::wait_some({}, static_cast<int>(left), patience);
    }
}

std::string detail(const Facts& facts, const char* name) {
    const auto found = facts.details.find(name);
    return found == facts.details.end() ? std::string() : found->second;
}

/// Whether the server may answer next time: it was busy, or nothing came back.
bool passes(const Facts& facts) {
    return facts.condition == "token.unavailable" || facts.condition == "http.closed" ||
           facts.condition == "conn.reset" || facts.condition.ends_with(".timeout");
}

/// Seconds until the next question after `facts`; nothing when the failure is the answer.
std::optional<std::int64_t> next_interval(const Facts& facts, std::int64_t interval_s) {
    const std::string error = detail(facts, "oauth_error");
    if (error == "authorization_pending") return interval_s;
    if (error == "slow_down") return interval_s + slow_down_s;
    if (passes(facts)) return std::min(2 * interval_s, std::max(interval_s, longest_interval_s));
    return std::nullopt;
}

}  // namespace

DeviceCode ask_device_code(const net::HttpTerms& web, const Client& client, const Scopes& scopes,
                           std::int64_t now_unix_ms, const net::Patience& patience) {
    const Asked asked{"device", client.endpoints.device, client.provider, now_unix_ms};
    Form form;
    form.add_some("scope", joined(scopes));
    const Said said = post_as(client, web, std::move(form), asked, patience);
    const net::HttpAnswer& answer = said.answer;
    throw_if_refused(answer, asked, said.scrub);
    if (answer.status != 200)
        throw garbage(asked, answer, "has HTTP status " + std::to_string(answer.status));
    try {
        return code_of(AnswerObject(answer.body.reveal()), answer, asked);
    } catch (const std::invalid_argument& error) {
        throw garbage(asked, answer, error.what());
    }
}

TokenAnswer await_device(const net::HttpTerms& web, const Client& client, const DeviceCode& code,
                         const wfc::Clock& clock, const net::Patience& patience) {
    const auto ms = [](std::int64_t seconds) { return static_cast<std::uint64_t>(seconds) * 1000; };
    const std::uint64_t end_ms = clock.monotonic_ms() + ms(code.expires_in_s);
    std::int64_t interval_s = std::max<std::int64_t>(code.interval_s, 1);
    std::int64_t wait_s = interval_s;
    for (;;) {
        pause_until(std::min(clock.monotonic_ms() + ms(wait_s), end_ms), clock, patience);
        if (clock.monotonic_ms() >= end_ms) break;
        try {
            Form form;
            form.add("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
            form.add("device_code", code.device_code.reveal());
            return ask_tokens(web, client, std::move(form), "device", clock.unix_ms(), patience);
        } catch (const Failure& failure) {
            const auto next = next_interval(failure.facts(), interval_s);
            if (!next) throw;
            interval_s = wait_s = *next;
            const std::string asked_for = detail(failure.facts(), "retry_after_s");
            if (!asked_for.empty()) wait_s = std::max<std::int64_t>(wait_s, std::stoll(asked_for));
        }
    }
    const Asked asked{"device", client.endpoints.token, client.provider, clock.unix_ms()};
    throw failed(
        asked, "token.refused",
        "nobody entered the code of " + place(asked) + " within " + std::to_string(code.expires_in_s) + " s")
        .with("oauth_error", "expired_token");
}

}  // namespace mailsend::oauth
