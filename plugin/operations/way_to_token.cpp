#include "operations/way_to_token.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mailsend {
namespace {

/// Not "http.": then the server was reached, and may have answered what nobody read.
constexpr std::array<std::string_view, 5> ways = {"dns.", "conn.", "net.", "proxy.", "egress."};
/// A connection that broke says nothing about trust, also where it broke during TLS.
constexpr std::array<std::string_view, 3> broken = {"tls.eof", "tls.reset", "tls.timeout"};

bool begins_with_one_of(std::string_view condition, const auto& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return condition.starts_with(prefix); });
}

const char* condition_of(std::string_view reason) {
    if (begins_with_one_of(reason, ways) || begins_with_one_of(reason, broken)) return "token.unreachable";
    return reason.starts_with("tls.") || reason.starts_with("cert.") ? "token.untrusted" : nullptr;
}

}  // namespace

Facts told_of_token_server(Facts facts) {
    const char* const condition = condition_of(facts.condition);
    if (facts.stage != Stage::token || condition == nullptr) return facts;
    Facts told = facts;
    told.condition = condition;
    told.reply.reset();
    told.details["reason"] = facts.condition;
    told.cause = std::make_shared<const Facts>(std::move(facts));
    return told;
}

}  // namespace mailsend
