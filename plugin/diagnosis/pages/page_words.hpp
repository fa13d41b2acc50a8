/// What the pages say around the entries' own texts.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "outcome/vocabulary.hpp"

namespace mailsend::diagnosis::pages {

/// The same in two languages.
struct Both {
    std::string_view en;
    std::string_view ja;
    std::string_view in(Language language) const noexcept { return language == Language::ja ? ja : en; }
};

namespace label {
inline constexpr Both title{"Every error, explained", "エラーの一覧と対処"};
inline constexpr Both contents{"Contents", "目次"};
inline constexpr Both recognised{"Recognised by:", "見分け方:"};
inline constexpr Both actor{"Who must act:", "対応する人:"};
inline constexpr Both again{"Try again?", "再試行:"};
inline constexpr Both link{"More:", "参考:"};
inline constexpr Both comma{", ", "、"};
inline constexpr Both reply_code{"code", "応答コード"};
inline constexpr Both status{"enhanced status", "拡張ステータス"};
inline constexpr Both stage{"stage", "段階"};
inline constexpr Both server{"server", "サーバー"};
inline constexpr Both words{"words", "文面"};
inline constexpr Both observed{"observed by MailSend", "MailSend自身の検出"};
inline constexpr Both anything{"whatever nothing else explains", "ほかのどれにも当てはまらないもの"};
}  // namespace label

/// The paragraphs between the title and the contents; `own` is what the other page is called.
std::string introduction(Language language, std::size_t entries);

/// The heading of a file's entries, "gmail.json" -> "Gmail and Google Workspace". Throws std::runtime_error
/// for a file that has none yet.
std::string_view heading(const std::string& file, Language language);

/// What a detail is called ("oauth_error" -> "error"); the detail's own name where it has no word.
std::string_view detail_label(std::string_view name, Language language);

/// "Yes, for the first time after 5 minutes, then after longer and longer pauses."
std::string trying_again(Advice advice, std::chrono::milliseconds delay, Language language);

}  // namespace mailsend::diagnosis::pages
