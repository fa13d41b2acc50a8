/// The `account` of a result document for people: a line for each member.
///
/// Guarantees: knows no component: labels are the texts `account/MEMBER` of its catalogue, words of values
/// `account/MEMBER.enum.WORD`, and the member's own name where there is none. Times (members that end in
/// "_at" or "_since", "last_good_send", and whatever looks like 2026-11-23T09:00:00Z) are shown in local time
/// and as how long ago. Foreign text is escaped. Left out: what is null, an empty list, and "error", which
/// one of the warnings says. English and Japanese; other languages get English words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tool/component_texts.hpp"
#include "tool/style.hpp"

namespace wfc::tool {

/// "in 58 min", "3 days ago", "just now"; in Japanese where `language` is "ja".
std::string relative_time(std::int64_t seconds_from_now, std::string_view language);

/// Unix seconds of "2026-11-23T09:00:00Z", with or without a fraction; nothing for anything else.
std::optional<std::int64_t> utc_time(std::string_view text);

/// False where `account.signed_in` of the document is false.
bool says_signed_in(std::string_view document);

struct AccountReport {
    std::string lines;  ///< label and value each, then the warnings; empty where there is no account
    std::string rest;   ///< the document without the warnings that stand there
};

/// `now_s`: unix seconds.
AccountReport account_report(std::string_view document, const ComponentTexts& texts,
                             std::string_view language, std::int64_t now_s, const Style& style);

}  // namespace wfc::tool
