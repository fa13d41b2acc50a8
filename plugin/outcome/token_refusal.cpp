#include "outcome/token_refusal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "outcome/document.hpp"

namespace mailsend {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t value_limit = 2048;
constexpr std::size_t most_codes = 16;

constexpr std::array<std::string_view, 4> endpoints = {"token", "authorize", "device", "revoke"};

struct Member {
    const char* detail;
    const char* name;
};

constexpr std::string_view digits = "0123456789";

/// Every run of digits that is a number of at most nine.
Json numbers_in(std::string_view text) {
    Json out = Json::array();
    while (out.size() < most_codes) {
        text.remove_prefix(std::min(text.find_first_of(digits), text.size()));
        if (text.empty()) break;
        const std::string_view run = text.substr(0, text.find_first_not_of(digits));
        int value = 0;
        if (run.size() <= 9 && std::from_chars(run.data(), run.data() + run.size(), value).ec == std::errc{})
            out.push_back(value);
        text.remove_prefix(run.size());
    }
    return out;
}

}  // namespace

Json oauth_object(const Facts& facts) {
    const auto detail = [&](const char* name) {
        const auto found = facts.details.find(name);
        return found == facts.details.end() ? std::string_view{} : std::string_view(found->second);
    };
    const auto has = [&](const char* name) { return facts.details.contains(name); };
    if (has("api") || (!has("oauth_error") && !has("http_status"))) return nullptr;
    Json out = Json::object();
    for (const auto& [from, name] :
         {Member{"oauth_error", "error"}, Member{"oauth_description", "description"},
          Member{"oauth_uri", "uri"}}) {
        if (!detail(from).empty()) out[name] = printable(detail(from), value_limit);
    }
    if (Json codes = numbers_in(detail("aadsts")); !codes.empty()) out["codes"] = std::move(codes);
    for (const auto& [from, name] :
         {Member{"trace_id", "trace_id"}, Member{"correlation_id", "correlation_id"},
          Member{"oauth_timestamp", "timestamp"}}) {
        if (!detail(from).empty()) out[name] = printable(detail(from), value_limit);
    }
    if (const Json status = numbers_in(detail("http_status")); status.size() == 1)
        out["http_status"] = status[0];
    if (std::find(endpoints.begin(), endpoints.end(), detail("endpoint")) != endpoints.end())
        out["endpoint"] = detail("endpoint");
    return out;
}

}  // namespace mailsend
